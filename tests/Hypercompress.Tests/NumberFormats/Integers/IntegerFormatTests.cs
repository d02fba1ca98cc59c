using CsCheck;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;
using Hypercompress.NumberFormats.Registry;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.Integers;

public sealed class IntegerFormatTests
{
    [Fact]
    public void Equality_IsThatOfTheName()
    {
        Assert.Equal(new IntegerFormat(4, 64, isAffine: true), NumberFormatRegistry.Standard.Parse("uint4-g64"));
        Assert.NotEqual(new IntegerFormat(4, 64, isAffine: true), new IntegerFormat(4, 64, isAffine: false));
        Assert.NotEqual(new IntegerFormat(4, 64, isAffine: true), new IntegerFormat(4, 32, isAffine: true));
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(9, 64)]
    [InlineData(4, 0)]
    public void Constructor_OutOfRange_Throws(int bits, int group) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntegerFormat(bits, group, isAffine: false));

    [Fact]
    public void StoredBytes_AreCodesScalesAndMinimums()
    {
        // A row of 70 codes of 3 bits takes 27 bytes; two groups have two bytes each, or four with minimums.
        Assert.Equal(5 * (27 + (2 * 2)), new IntegerFormat(3, 64, isAffine: false).StoredBytes(5, 70));
        Assert.Equal(5 * (27 + (2 * 4)), new IntegerFormat(3, 64, isAffine: true).StoredBytes(5, 70));
        Assert.Equal(0, new IntegerFormat(3, 64, isAffine: true).StoredBytes(5, 0));
    }

    [Fact]
    public void Encode_Symmetric_WritesHandComputedCodes()
    {
        using var scope = NewDisposeScope();
        // Largest 3.75 over 15 levels: a scale of 0.25. 0.375 and 0.625 are halves, which go to the even code.
        var values = tensor(new[] { 3.75f, -0.375f, 0.625f, 0f }, 1, 4);
        using var block = NumberFormatRegistry.Standard.Parse("int5-g64").Encode(values);
        var stored = block.Store("w").ToDictionary(tensor => tensor.Name, tensor => tensor.Value);

        Assert.Equal(["w.codes", "w.scales"], stored.Keys.Order());
        Assert.Equal([0.25f], stored["w.scales"].to(ScalarType.Float32).data<float>().ToArray());

        // q + 16 = 31, 14, 18, 16 as bits from the lowest: 11111 011|10 01001 0|0001.
        Assert.Equal([0xDF, 0x49, 0x08], stored["w.codes"].data<byte>().ToArray());
        Assert.Equal([3.75f, -0.5f, 0.5f, 0f], block.Value().data<float>().ToArray());
    }

    [Fact]
    public void Encode_AFullRange_TurnsTheScaleTowardsTheLargestValue()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { 4f, 2f, -3.5f, 0.5f }, 1, 4);
        using var block = new IntegerFormat(4, 64).Encode(values);

        GroupCodes codes = block.Codes()!;
        Assert.Equal([-0.5f], codes.Scales.to(ScalarType.Float32).data<float>().ToArray());
        Assert.Equal([0, 4, 15, 7], codes.Codes.data<byte>().ToArray());
        Assert.Equal(values.data<float>().ToArray(), block.Value().data<float>().ToArray());
    }

    [Fact]
    public void Encode_WithZeroPoints_WritesHandComputedCodes()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { -0.5f, 3.25f, 1f, 0f, 0.5f, 7.5f, 3f, -1f }, 2, 4);
        using var block = NumberFormatRegistry.Standard.Parse("uint4z-g4").Encode(values);
        var stored = block.Store("w").ToDictionary(tensor => tensor.Name, tensor => tensor.Value);

        Assert.Equal(["w.codes", "w.scales", "w.zeros"], stored.Keys.Order());
        Assert.Equal(0.25f, stored["w.scales"].to(ScalarType.Float32).data<float>()[0]);
        Assert.Equal(2, stored["w.zeros"].data<byte>()[0]);
        Assert.Equal([0xF0, 0x26], stored["w.codes"].data<byte>().ToArray()[..2]);
        Assert.Equal([-0.5f, 3.25f, 1f, 0f], block.Value().data<float>().ToArray()[..4]);
        Assert.Equal(block.StoredBytes, stored.Values.Sum(tensor => tensor.numel() * tensor.element_size()));
    }

    [Fact]
    public void Encode_Affine_WritesHandComputedCodes()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { -1f, 0.75f, 0.1f, 3f, 3f, 3f }, 2, 3);
        using var block = NumberFormatRegistry.Standard.Parse("uint3-g3").Encode(values);
        var stored = block.Store("w").ToDictionary(tensor => tensor.Name, tensor => tensor.Value);

        Assert.Equal([0.25f, 0f], stored["w.scales"].to(ScalarType.Float32).data<float>().ToArray());
        Assert.Equal([-1f, 3f], stored["w.minimums"].to(ScalarType.Float32).data<float>().ToArray());

        // Codes 0, 7, 4 as bits from the lowest: 000 111 00|1.
        Assert.Equal([0b0011_1000, 0b0000_0001, 0, 0], stored["w.codes"].data<byte>().ToArray());
        Assert.Equal([-1f, 0.75f, 0f, 3f, 3f, 3f], block.Value().data<float>().ToArray());
    }

    [Fact]
    public void Encode_ValuesOnAnAffineGrid_ReproducesThemExactly() =>
        Gen.Select(Gen.Int[2, 8], Gen.Int[2, 40], Gen.Long[1, 5], Gen.Int[1, 3], Gen.Int).Sample(
            (bits, width, rows, groups, seed) =>
            {
                using var scope = NewDisposeScope();
                using var generator = new Generator((ulong)(uint)seed);
                var scales = rand(rows, groups, 1, generator: generator).add_(0.01f).to(ScalarType.Float16)
                    .to(ScalarType.Float32);
                var minimums = randn(rows, groups, 1, generator: generator).to(ScalarType.Float16)
                    .to(ScalarType.Float32);
                var codes = randint(
                    0, 1 << bits, [rows, groups, width], generator: generator, dtype: ScalarType.Float32);
                codes.narrow(2, 0, 1).fill_(0);
                codes.narrow(2, width - 1, 1).fill_((1 << bits) - 1);
                var values = ((codes * scales) + minimums).view(rows, groups * width);

                using var block = new IntegerFormat(bits, width, isAffine: true).Encode(values);

                Assert.Equal(values.data<float>().ToArray(), block.Value().data<float>().ToArray());
            },
            iter: 200,
            threads: 1);

    [Theory]
    [InlineData("int8-g32", 0.006)]
    [InlineData("int4-g32", 0.100)]
    [InlineData("int3-g32", 0.215)]
    [InlineData("int2-g32", 0.445)]
    [InlineData("uint4-g32", 0.090)]
    [InlineData("uint4z-g32", 0.095)]
    [InlineData("uint2-g32", 0.345)]
    public void Encode_NormalValues_StaysBelowTheKnownError(string name, double limit)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var values = randn(64, 256, generator: generator);
        using var block = NumberFormatRegistry.Standard.Parse(name).Encode(values);

        double error = (block.Value() - values).pow(2).mean().sqrt().ToDouble();
        Assert.InRange(error, limit / 3, limit);
    }

    [Fact]
    public void Encode_WithColumnWeights_LowersTheWeightedError()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var values = randn(32, 70, generator: generator);
        var weights = randn(70, generator: generator).mul_(2).exp_();
        var format = NumberFormatRegistry.Standard.Parse("int3-g32");
        using var plain = format.Encode(values);
        using var weighted = format.Encode(values, weights);

        double Cost(StoredValues block) => ((block.Value() - values).pow(2) * weights).sum().ToDouble();
        Assert.True(Cost(weighted) < 0.95 * Cost(plain), $"{Cost(weighted)} against {Cost(plain)}");
    }

    [Fact]
    public void Encode_OneLongRowInChunks_EqualsEveryGroupByItself()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var format = NumberFormatRegistry.Standard.Parse("int4-g64");
        var values = randn(1, 300_001, generator: generator);
        var weights = rand(300_001, generator: generator);
        using var whole = format.Encode(values, weights);

        foreach (long group in new[] { 0L, 2047L, 2048L, 4096L, 4687L })
        {
            (long first, long count) = (group * 64, long.Min(64, 300_001 - (group * 64)));
            using var alone = format.Encode(
                values.narrow(1, first, count), weights.narrow(0, first, count));
            Assert.Equal(
                alone.Value().data<float>().ToArray(), whole.Value().narrow(1, first, count).data<float>().ToArray());
        }
    }

    [Theory]
    [InlineData("int4-g8")]
    [InlineData("int8-g8")]
    [InlineData("uint4-g8")]
    [InlineData("uint8-g8")]
    public void Encode_ZerosAndTinyValues_StaysFinite(string name)
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { 0f, 0f, 0f, 0f, 1e-6f, -1e-6f, 2e-6f, 0f, 1e-30f, -1e-30f, 0f, 1e-38f }, 3, 4);
        using var block = NumberFormatRegistry.Standard.Parse(name).Encode(values);

        float[] decoded = block.Value().data<float>().ToArray();
        Assert.All(decoded, value => Assert.True(float.IsFinite(value)));
        Assert.Equal([0f, 0f, 0f, 0f], decoded[..4]);
        Assert.All(decoded.Zip(values.data<float>().ToArray()), pair =>
            Assert.InRange(pair.First - pair.Second, -6e-7f, 6e-7f));
    }
}
