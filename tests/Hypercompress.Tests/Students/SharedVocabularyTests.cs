using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Students;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Students;

[NoTensorLeaks]
public sealed class SharedVocabularyTests : IDisposable
{
    private const int Tokens = TinyTokenizer.VocabularySize;
    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData(Tokens, Tokens)]
    [InlineData(Tokens + 4, Tokens)]
    [InlineData(Tokens, Tokens + 4)]
    public void Load_GivesTheStudentTheRowsOfTheTeacher(int own, int wanted)
    {
        using ModelPackage student = ModelPackage.Open(Model("student", own));
        SharedVocabulary.Require(student, student);
        using var whole = DecoderModel.Load(student.ReadDecoderConfig(), student.Tensors);
        using DecoderModel fitted = SharedVocabulary.Load(student, SharedVocabulary.WithRows(student.Config, wanted));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor(new long[,] { { 1, 40, 7, 90 } });
        Tensor expected = whole.Forward(ids);
        Tensor found = fitted.Forward(ids);

        Assert.Equal(wanted, found.shape[^1]);
        Assert.True(found.narrow(-1, 0, Tokens).allclose(expected.narrow(-1, 0, Tokens)));
        if (wanted > own)
        {
            Tensor added = found.narrow(-1, own, wanted - own);
            Assert.True(added.allclose(expected.mean([-1], keepdim: true).expand_as(added), atol: 1e-4));
        }
    }

    [Fact]
    public void Require_OtherTokens_NamesTheFirstThatDiffers()
    {
        string folder = Model("other", Tokens);
        string file = Path.Combine(folder, "tokenizer.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("pad", "gap", StringComparison.Ordinal));
        string settings = Path.Combine(folder, "tokenizer_config.json");
        File.WriteAllText(settings, File.ReadAllText(settings).Replace("pad", "gap", StringComparison.Ordinal));
        using ModelPackage teacher = ModelPackage.Open(Model("teacher", Tokens));
        using ModelPackage student = ModelPackage.Open(folder);

        var refused = Assert.Throws<ConfigurationException>(() => SharedVocabulary.Require(teacher, student));

        Assert.Contains("token 0 is '<pad>' and '<gap>'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_NoTokenizer_TakesEqualRowsOnly()
    {
        using ModelPackage teacher = ModelPackage.Open(Model("teacher", Tokens));
        using ModelPackage same = ModelPackage.Open(WithoutTokenizer("same", Tokens));
        using ModelPackage more = ModelPackage.Open(WithoutTokenizer("more", Tokens + 4));

        SharedVocabulary.Require(teacher, same);
        var refused = Assert.Throws<ConfigurationException>(() => SharedVocabulary.Require(teacher, more));

        Assert.Contains($"{Tokens} and {Tokens + 4} rows", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string WithoutTokenizer(string name, int rows)
    {
        string folder = Model(name, rows);
        File.Delete(Path.Combine(folder, "tokenizer.json"));
        return folder;
    }

    private string Model(string name, int rows) => PaddedModel.Write(_folder.Of(name), rows);
}
