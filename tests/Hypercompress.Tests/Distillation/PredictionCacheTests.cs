using Hypercompress.Distillation;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Tests.Training;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Distillation;

[NoTensorLeaks]
public sealed class PredictionCacheTests : IDisposable
{
    private const int Length = 8;
    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData(2048, 64, 258)]
    [InlineData(65536, 64, 258)]
    [InlineData(151_936, 42, 254)]
    [InlineData(24, 23, 94)]
    public void Layout_TakesLessThan300BytesAToken(int vocabulary, int kept, int bytes)
    {
        var layout = new PredictionLayout(vocabulary, Length);
        Assert.Equal((kept, bytes), (layout.Kept, layout.PositionBytes));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(70_000)]
    public void Layout_GivesBackTokensAndProbabilities(int vocabulary)
    {
        using var scope = NewDisposeScope();
        var layout = new PredictionLayout(vocabulary, Length);
        TeacherPredictions made = TeacherPredictions.Of(randn(Length, vocabulary) * 4);

        TeacherPredictions read = layout.Decode(layout.Encode(made));

        Assert.True(read.Tokens.Equals(made.Tokens));
        Assert.True(read.LogProbabilities.allclose(made.LogProbabilities, rtol: 1e-3, atol: 5e-3));
        Assert.True(read.LogProbabilities.exp().sum(dim: 1).allclose(ones(Length)));
    }

    [Fact]
    public void Of_ReadsWhatALaterRunFinds()
    {
        using var teacher = TinyDecoder.Create(1);
        using var windows = Windows();
        float[] first = Read(teacher, windows, "one", computed: 2);

        Assert.Equal(first, Read(teacher, windows, "one", computed: 0));
        Assert.Equal(first, Read(teacher, windows, "another", computed: 2));
    }

    [Fact]
    public void Of_DamagedOrCutOffRecord_IsMadeAnew()
    {
        using var teacher = TinyDecoder.Create(1);
        using var windows = Windows();
        float[] first = Read(teacher, windows, "one", computed: 2);
        string file = Assert.Single(Directory.GetFiles(_folder.Path));
        byte[] content = File.ReadAllBytes(file);
        content[20] ^= 1;
        File.WriteAllBytes(file, content[..^3]);

        Assert.Equal(first, Read(teacher, windows, "one", computed: 2));
        Assert.Equal(content.Length, new FileInfo(file).Length);
        Assert.Equal(first, Read(teacher, windows, "one", computed: 0));
    }

    [Fact]
    public void Loss_OfKeptPredictions_IsThatOfTheTeacher()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        using var windows = Windows();
        var options = new DistillationOptions { ActivationMatchingWeight = 0, CrossEntropyWeight = 0.5 };
        using PredictionCache cache = Open(teacher, "one");
        (double exact, float[] expected) = Gradients(new DistillationLoss(teacher, options), student, windows);
        (double found, float[] gradients) = Gradients(new DistillationLoss(teacher, options, cache), student, windows);

        // All but one of the 24 tokens are kept, so that only rounding differs.
        Assert.Equal(exact, found, 2e-3 * exact);
        Assert.All(expected.Zip(gradients), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
    }

    [Fact]
    public void Condense_PutsTheRestTogether()
    {
        using var scope = NewDisposeScope();
        Tensor logits = tensor(new float[,] { { 0.5f, 0.2f, 0.2f, 0.1f } }).log();

        Tensor condensed = TeacherPredictions.Condense(logits, tensor(new long[,] { { 3, 0 } })).exp();

        Assert.True(condensed.allclose(tensor(new[,] { { 0.1f, 0.5f, 0.4f } })));
    }

    [Fact]
    public void Require_PlaceThatIsNoFolder_IsRefused()
    {
        string file = _folder.Write("file", "x");
        var refused = Assert.Throws<ConfigurationException>(
            () => new DistillationOptions { TeacherCache = file }.RequireCache());
        Assert.Contains("distillation.teacher_cache", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_AnotherTemperature_IsRefused()
    {
        var options = new DistillationOptions { TeacherCache = _folder.Path, Temperature = 2 };
        var refused = Assert.Throws<ConfigurationException>(options.RequireCache);
        Assert.Contains("temperature: is 2", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Tensor Windows() => LanguageModelLossTests.Windows(2, Length + 1);

    private PredictionCache Open(DecoderModel teacher, string fingerprint) =>
        PredictionCache.Open(_folder.Path, teacher, fingerprint, Length);

    private float[] Read(DecoderModel teacher, Tensor windows, string fingerprint, int computed)
    {
        using PredictionCache cache = Open(teacher, fingerprint);
        using var scope = NewDisposeScope();
        float[] read = cache.Of(windows).LogProbabilities.data<float>().ToArray();
        Assert.Equal(computed, cache.Computed);
        return read;
    }

    private static (double Loss, float[] Gradients) Gradients(
        DistillationLoss loss, DecoderModel student, Tensor windows)
    {
        TinyDecoder.AskForGradients(student, true);
        double found = loss.Accumulate(student, windows, 1);
        float[] gradients = TinyDecoder.Gradients(student);
        TinyDecoder.AskForGradients(student, false);
        return (found, gradients);
    }
}
