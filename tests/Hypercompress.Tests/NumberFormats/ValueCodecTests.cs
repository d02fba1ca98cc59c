using CsCheck;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats;

public sealed class ValueCodecTests
{
    private static readonly Gen<ValueFormat> Formats = Gen.OneOf(
        Gen.Int[0, 2].Select(i => new[] { ValueFormat.Float32, ValueFormat.Float16, ValueFormat.BFloat16 }[i]),
        Gen.Select(
            Gen.Bool, Gen.Int[2, 8], Gen.Int[1, 40],
            (affine, bits, group) =>
                new ValueFormat(affine ? ValueEncoding.Affine : ValueEncoding.Symmetric, bits, group)));

    [Fact]
    public void Encode_Symmetric_WritesHandComputedCodes()
    {
        using var scope = NewDisposeScope();
        // Largest 3.75 over 15 levels: a scale of 0.25. 0.375 and 0.625 are halves, which go to the even code.
        var values = tensor(new[] { 3.75f, -0.375f, 0.625f, 0f }, 1, 4);
        using var block = ValueCodec.Encode(values, ValueFormat.Parse("int5-g64"));
        var stored = block.Store("w").ToDictionary(tensor => tensor.Name, tensor => tensor.Value);

        Assert.Equal(["w.codes", "w.scales"], stored.Keys.Order());
        Assert.Equal([0.25f], stored["w.scales"].to(ScalarType.Float32).data<float>().ToArray());

        // q + 16 = 31, 14, 18, 16 as bits from the lowest: 11111 011|10 01001 0|0001.
        Assert.Equal([0xDF, 0x49, 0x08], stored["w.codes"].data<byte>().ToArray());
        Assert.Equal([3.75f, -0.5f, 0.5f, 0f], block.Value().data<float>().ToArray());
    }

    [Fact]
    public void Encode_Affine_WritesHandComputedCodes()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { -1f, 0.75f, 0.1f, 3f, 3f, 3f }, 2, 3);
        using var block = ValueCodec.Encode(values, ValueFormat.Parse("uint3-g3"));
        var stored = block.Store("w").ToDictionary(tensor => tensor.Name, tensor => tensor.Value);

        Assert.Equal([0.25f, 0f], stored["w.scales"].to(ScalarType.Float32).data<float>().ToArray());
        Assert.Equal([-1f, 3f], stored["w.minimums"].to(ScalarType.Float32).data<float>().ToArray());

        // Codes 0, 7, 4 as bits from the lowest: 000 111 00|1.
        Assert.Equal([0b0011_1000, 0b0000_0001, 0, 0], stored["w.codes"].data<byte>().ToArray());
        Assert.Equal([-1f, 0.75f, 0f, 3f, 3f, 3f], block.Value().data<float>().ToArray());
    }

    [Fact]
    public void Encode_AnyShapeAndFormat_StoresExactlyTheBytesAndReadsBackTheBits() =>
        Gen.Select(Formats, Gen.Long[1, 6], Gen.Long[1, 70], Gen.Int).Sample(
            (format, rows, columns, seed) =>
            {
                using var scope = NewDisposeScope();
                using var generator = new Generator((ulong)(uint)seed);
                using var block = ValueCodec.Encode(randn(rows, columns, generator: generator), format);
                using var source = new InMemoryTensorSource(block.Store("w"));
                using var read = ValueCodec.Read("w", format, rows, columns, source, InMemoryTensorSource.File);

                Assert.Equal(format.StoredBytes(rows, columns), block.StoredBytes);
                Assert.Equal(block.StoredBytes, source.TotalBytes);
                Assert.Equal(block.StoredBytes, read.StoredBytes);
                Assert.Equal([rows, columns], block.Value().shape);
                Assert.Equal(block.Value().data<float>().ToArray(), read.Value().data<float>().ToArray());
            },
            iter: 400,
            threads: 1);

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

                using var block = ValueCodec.Encode(values, new ValueFormat(ValueEncoding.Affine, bits, width));

                Assert.Equal(values.data<float>().ToArray(), block.Value().data<float>().ToArray());
            },
            iter: 200,
            threads: 1);

    [Theory]
    [InlineData("int8-g16")]
    [InlineData("int4-g16")]
    [InlineData("int2-g16")]
    [InlineData("uint8-g16")]
    [InlineData("uint2-g16")]
    [InlineData("f16")]
    [InlineData("bf16")]
    public void Encode_WhatAValueDecodesTo_IsAFixedPoint(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var format = ValueFormat.Parse(name);

        // The extremes of every group, so that the first rounding takes the full range.
        var values = randn(4, 40, generator: generator).clamp_(-2, 2);
        values[.., ..1] = 2f;
        values[.., 16..17] = 2f;
        values[.., 32..33] = 2f;
        values[.., 1..2] = -2f;
        values[.., 17..18] = -2f;
        values[.., 33..34] = -2f;
        values = format.Bits == 2 ? values.sign_().mul_(2) : values;
        using var once = ValueCodec.Encode(values, format);
        using var twice = ValueCodec.Encode(once.Value(), format);

        Assert.Equal(once.Value().data<float>().ToArray(), twice.Value().data<float>().ToArray());
    }

    [Theory]
    [InlineData("int8-g32", 0.006)]
    [InlineData("int4-g32", 0.100)]
    [InlineData("int3-g32", 0.215)]
    [InlineData("int2-g32", 0.445)]
    [InlineData("uint4-g32", 0.090)]
    [InlineData("uint2-g32", 0.345)]
    public void Encode_NormalValues_StaysBelowTheKnownError(string name, double limit)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var values = randn(64, 256, generator: generator);
        using var block = ValueCodec.Encode(values, ValueFormat.Parse(name));

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
        var format = ValueFormat.Parse("int3-g32");
        using var plain = ValueCodec.Encode(values, format);
        using var weighted = ValueCodec.Encode(values, format, weights);

        double Cost(StoredValues block) => ((block.Value() - values).pow(2) * weights).sum().ToDouble();
        Assert.True(Cost(weighted) < 0.95 * Cost(plain), $"{Cost(weighted)} against {Cost(plain)}");
    }

    [Fact]
    public void Encode_OneLongRowInChunks_EqualsEveryGroupByItself()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var format = ValueFormat.Parse("int4-g64");
        var values = randn(1, 300_001, generator: generator);
        var weights = rand(300_001, generator: generator);
        using var whole = ValueCodec.Encode(values, format, weights);

        foreach (long group in new[] { 0L, 2047L, 2048L, 4096L, 4687L })
        {
            (long first, long count) = (group * 64, long.Min(64, 300_001 - (group * 64)));
            using var alone = ValueCodec.Encode(
                values.narrow(1, first, count), format, weights.narrow(0, first, count));
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
        using var block = ValueCodec.Encode(values, ValueFormat.Parse(name));

        float[] decoded = block.Value().data<float>().ToArray();
        Assert.All(decoded, value => Assert.True(float.IsFinite(value)));
        Assert.Equal([0f, 0f, 0f, 0f], decoded[..4]);
        Assert.All(decoded.Zip(values.data<float>().ToArray()), pair =>
            Assert.InRange(pair.First - pair.Second, -6e-7f, 6e-7f));
    }

    [Theory]
    [InlineData("f32", float.NaN)]
    [InlineData("f16", float.PositiveInfinity)]
    [InlineData("f16", 70000f)]
    [InlineData("bf16", float.MaxValue)]
    [InlineData("int8-g8", float.NaN)]
    [InlineData("int4-g8", float.NegativeInfinity)]
    [InlineData("int4-g8", 500000f)]
    [InlineData("uint4-g8", float.NaN)]
    [InlineData("uint4-g8", -70000f)]
    public void Encode_WhatTheFormatCannotHold_Throws(string name, float value)
    {
        using var scope = NewDisposeScope();
        var values = zeros(2, 10);
        values[1, 9] = value;

        var thrown = Assert.Throws<NumericalException>(() => ValueCodec.Encode(values, ValueFormat.Parse(name)));
        Assert.Contains(name, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("int4-g8", "w.codes")]
    [InlineData("int4-g8", "w.scales")]
    [InlineData("uint4-g8", "w.minimums")]
    [InlineData("f16", "w")]
    public void Read_ATensorIsMissingOrOfAnotherShapeOrType_Throws(string name, string broken)
    {
        using var scope = NewDisposeScope();
        var format = ValueFormat.Parse(name);
        InMemoryTensorSource Fresh()
        {
            using var block = ValueCodec.Encode(ones(3, 20), format);
            return new InMemoryTensorSource(block.Store("w"));
        }

        void Fails(InMemoryTensorSource source, string part)
        {
            using (source)
            {
                var thrown = Assert.Throws<CheckpointException>(
                    () => ValueCodec.Read("w", format, 3, 20, source, InMemoryTensorSource.File));
                Assert.Contains($"tensor {broken} ", thrown.Message, StringComparison.Ordinal);
                Assert.Contains(part, thrown.Message, StringComparison.Ordinal);
            }
        }

        Fails(Fresh().With(broken, null), "missing");
        Fails(Fresh().With(broken, zeros(3, 2, dtype: ScalarType.Float64)), "F64 [3, 2]");
        Fails(Fresh().With(broken, zeros(3, 1, dtype: broken == "w.codes" ? uint8 : float16)), "[3, 1]");
    }

    [Fact]
    public void Read_ScalesThatAreNotFinite_Throws()
    {
        using var scope = NewDisposeScope();
        var format = ValueFormat.Parse("int4-g8");
        using var block = ValueCodec.Encode(ones(3, 20), format);
        using var source = new InMemoryTensorSource(block.Store("w"))
            .With("w.scales", full(3, 3, float.PositiveInfinity, dtype: ScalarType.Float16));

        Assert.Throws<CheckpointException>(
            () => ValueCodec.Read("w", format, 3, 20, source, InMemoryTensorSource.File));
    }

    [Theory]
    [InlineData("f16")]
    [InlineData("int3-g8")]
    [InlineData("uint3-g8")]
    public void Read_AnEmptyBlock_NeedsNoTensors(string name)
    {
        using var scope = NewDisposeScope();
        var format = ValueFormat.Parse(name);
        using var block = ValueCodec.Encode(zeros(1, 0), format);
        using var source = new InMemoryTensorSource(block.Store("w"));
        using var read = ValueCodec.Read("w", format, 1, 0, source, InMemoryTensorSource.File);

        Assert.Empty(source.Tensors);
        Assert.Equal(0, read.StoredBytes);
        Assert.Equal([1L, 0L], read.Value().shape);
    }
}
