using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Checkpoints.Gguf;

[NoTensorLeaks]
public sealed class GgufWriterTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_EveryKindOfValue_ReadsBack()
    {
        Dictionary<string, object> values = new()
        {
            ["a.flag"] = true,
            ["a.number"] = 7u,
            ["a.negative"] = -7,
            ["a.large"] = ulong.MaxValue,
            ["a.real"] = 0.5f,
            ["a.text"] = "Grüße, 世界",
            ["a.texts"] = new[] { "x", "", "z" },
            ["a.reals"] = new[] { 1.5f, -2f },
            ["a.numbers"] = new[] { 3, -4 },
            ["a.flags"] = new[] { true, false },
        };

        GgufWriter.Write(_folder.Of("values.gguf"), [.. values], []);

        using GgufFile file = GgufFile.Open(_folder.Of("values.gguf"));
        Assert.Equal(3, file.Version);
        Assert.Equal(values, file.Metadata.Values);
    }

    [Theory]
    [InlineData(GgmlType.F32, 0)]
    [InlineData(GgmlType.F16, 1e-3)]
    [InlineData(GgmlType.BF16, 1e-2)]
    [InlineData(GgmlType.Q80, 1e-2)]
    [InlineData(GgmlType.Q4K, 0.12)]
    public void Write_Tensors_ReadBackInOrderAndPadded(GgmlType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor first = randn(3, 256, generator: generator);
        Tensor second = randn(5, generator: generator);
        GgufTensorToWrite[] tensors =
        [
            new("first", type, [3, 256], () => first.clone()), new("second", GgmlType.F32, [5], () => second.clone()),
        ];

        long bytes = GgufWriter.Write(_folder.Of("tensors.gguf"), [], tensors);

        using GgufFile file = GgufFile.Open(_folder.Of("tensors.gguf"));
        Assert.Equal(bytes, file.Tensors.Values.Sum(tensor => tensor.ByteLength));
        Assert.Equal([3, 256], file.Tensors["first"].Shape.AsEnumerable());
        double error =
            (file.Read("first").to(ScalarType.Float32) - first).norm().item<float>() / first.norm().item<float>();
        Assert.InRange(error, 0, tolerance);
        Assert.True(second.equal(file.Read("second")).all().item<bool>());
    }

    [Fact]
    public void Write_RowsThatAreNoBlocks_AreRefused() => Assert.Throws<ArgumentException>(() => GgufWriter.Write(
        _folder.Of("never.gguf"), [], [new("odd", GgmlType.Q80, [2, 33], () => zeros(2, 33))]));

    [Fact]
    public void Write_TensorOfAnotherShape_LeavesNoFile()
    {
        Assert.Throws<InvalidOperationException>(() => GgufWriter.Write(
            _folder.Of("never.gguf"), [], [new("odd", GgmlType.F32, [2, 3], () => zeros(3, 2))]));

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
