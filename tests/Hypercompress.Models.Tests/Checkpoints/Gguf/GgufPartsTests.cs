using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using TorchSharp;

namespace Hypercompress.Models.Tests.Checkpoints.Gguf;

/// <summary>Models that llama.cpp has split into several files.</summary>
public sealed class GgufPartsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Open_AnyPart_HasTheTensorsOfAll(int part)
    {
        Write("model", 3);
        using GgufFile file = GgufFile.Open(Path(part));
        Assert.Equal(["t1", "t2", "t3"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("llama", file.Metadata.GetString("general.architecture"));
        for (int i = 1; i <= 3; i++)
        {
            using torch.Tensor tensor = file.Read($"t{i}");
            Assert.Equal(i, tensor.item<sbyte>());
        }
    }

    [Fact]
    public void ModelsIn_SplitModel_IsOne()
    {
        Write("model", 3);
        Assert.Equal([Path(1)], GgufParts.ModelsIn(_folder.Path));
        var e = Assert.Throws<CheckpointException>(() => ModelPackage.Open(_folder.Path));
        Assert.Contains("llama.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MissingPart_IsNamed()
    {
        Write("model", 3);
        File.Delete(Path(2));
        var e = Assert.Throws<CheckpointException>(() => GgufFile.Open(Path(1)));
        Assert.Equal(Path(2), e.File);
        Assert.Contains("is missing; it is one of the 3 parts", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PartUnderAnotherName_SaysHowPartsAreFound()
    {
        Write("model", 2);
        File.Move(Path(1, 2), _folder.Of("renamed.gguf"));
        var e = Assert.Throws<CheckpointException>(() => GgufFile.Open(_folder.Of("renamed.gguf")));
        Assert.Contains("NAME-00001-of-00003.gguf", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TensorInTwoParts_IsRefused()
    {
        Write("model", 2);
        File.Copy(Path(1, 2), Path(2, 2), overwrite: true);
        var e = Assert.Throws<CheckpointException>(() => GgufFile.Open(Path(1, 2)));
        Assert.Contains("which another part has too", e.Message, StringComparison.Ordinal);
    }

    private string Path(int part, int count = 3) => _folder.Of($"model-{part:D5}-of-{count:D5}.gguf");

    private void Write(string name, int count)
    {
        for (int part = 1; part <= count; part++)
        {
            var bytes = new GgufBytes().Pair("split.no", 2, (byte)(part - 1), 0).Pair("split.count", 2, (byte)count, 0)
                .Tensor($"t{part}", 24, [1], (byte)part);
            bytes = part == 1 ? bytes.Pair("general.architecture", "llama") : bytes;
            _folder.Write($"{name}-{part:D5}-of-{count:D5}.gguf", bytes.Make());
        }
    }
}
