using System.Text.Json;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Checkpoints;

public sealed class GgmlEncoderTests
{
    [Theory]
    [InlineData("q4_0", GgmlType.Q40)]
    [InlineData("q8_0", GgmlType.Q80)]
    [InlineData("q4_K", GgmlType.Q4K)]
    [InlineData("q6_K", GgmlType.Q6K)]
    public void Encode_ReferenceValues_ErrsNoMoreThanTheReference(string name, GgmlType type)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("golden/ggml_quant_vectors.json")));
        float[] values = Floats(golden.RootElement.GetProperty("x"));
        float[] reference = Floats(golden.RootElement.GetProperty(name).GetProperty("deq"));

        double own = SquaredError(values, RoundTrip(values, type));

        Assert.InRange(own, 0, 1.001 * SquaredError(values, reference));
    }

    [Theory]
    [InlineData(GgmlType.Q40, 0.12)]
    [InlineData(GgmlType.Q50, 0.06)]
    [InlineData(GgmlType.Q80, 0.008)]
    [InlineData(GgmlType.Q4K, 0.12)]
    [InlineData(GgmlType.Q6K, 0.025)]
    public void Encode_NormalValues_ErrsByAShareOfThem(GgmlType type, double share)
    {
        float[] values = Normal(4096, seed: 5);

        double error = Math.Sqrt(SquaredError(values, RoundTrip(values, type)) / SquaredError(values, new float[4096]));

        Assert.InRange(error, share / 4, share);
    }

    [Theory]
    [InlineData(GgmlType.Q40)]
    [InlineData(GgmlType.Q50)]
    [InlineData(GgmlType.Q80)]
    [InlineData(GgmlType.Q4K)]
    [InlineData(GgmlType.Q6K)]
    public void Encode_ConstantsAndZeros_StayFinite(GgmlType type)
    {
        Assert.All(RoundTrip(new float[256], type), value => Assert.Equal(0, value));
        Assert.All(RoundTrip([.. Enumerable.Repeat(-3f, 256)], type), value => Assert.Equal(-3f, value, 0.02f));
        Assert.All(RoundTrip([.. Enumerable.Repeat(1e-9f, 256)], type), value => Assert.InRange(value, -1e-6f, 1e-6f));
    }

    [Theory]
    [InlineData(GgmlType.Q40, 8)]
    [InlineData(GgmlType.Q50, 16)]
    public void Encode_ValuesOnTheGrid_AreExact(GgmlType type, int levels)
    {
        // The whole range of codes times a power of two.
        float[] values = [.. Enumerable.Range(0, 32).Select(i => 0.25f * ((i % (2 * levels)) - levels))];

        Assert.Equal(values, RoundTrip(values, type));
    }

    private static float[] RoundTrip(float[] values, GgmlType type)
    {
        GgmlEncoding encoding = GgmlEncoding.Of(type);
        byte[] stored = new byte[encoding.Bytes(values.Length)];
        encoding.Encoder!.Encode(values, stored);
        StoredType decoder = GgmlTypes.Find((uint)type)!;
        using Tensor decoded =
            decoder.Read([values.Length], (offset, bytes) => stored.AsSpan((int)offset, bytes.Length).CopyTo(bytes));
        return decoded.data<float>().ToArray();
    }

    private static float[] Floats(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetSingle())];

    private static double SquaredError(float[] values, float[] others) =>
        values.Zip(others, (value, other) => Math.Pow(value - other, 2)).Sum();

    private static float[] Normal(int count, ulong seed)
    {
        using var generator = new Generator(seed);
        using Tensor values = randn(count, generator: generator);
        return values.data<float>().ToArray();
    }
}
