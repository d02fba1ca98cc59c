using CsCheck;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;
using Hypercompress.NumberFormats.Registry;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats;

public sealed class ValueFormatTests
{
    private static readonly Gen<ValueFormat> Formats = Gen.OneOf<ValueFormat>(
        Gen.Int[0, 2].Select(
            i => (ValueFormat)new[] { FloatFormat.Float32, FloatFormat.Float16, FloatFormat.BFloat16 }[i]),
        Gen.Select(
            Gen.Bool, Gen.Int[2, 8], Gen.Int[1, 40],
            (affine, bits, group) => (ValueFormat)new IntegerFormat(bits, group, affine)));

    [Fact]
    public void Encode_AnyShapeAndFormat_StoresExactlyTheBytesAndReadsBackTheBits() =>
        Gen.Select(Formats, Gen.Long[1, 6], Gen.Long[1, 70], Gen.Int).Sample(
            (format, rows, columns, seed) =>
            {
                using var scope = NewDisposeScope();
                using var generator = new Generator((ulong)(uint)seed);
                using var block = format.Encode(randn(rows, columns, generator: generator));
                using var source = new InMemoryTensorSource(block.Store("w"));
                using var read = format.Read("w", rows, columns, source, InMemoryTensorSource.File);

                Assert.Equal(format.StoredBytes(rows, columns), block.StoredBytes);
                Assert.Equal(block.StoredBytes, source.TotalBytes);
                Assert.Equal(block.StoredBytes, read.StoredBytes);
                Assert.Equal([rows, columns], block.Value().shape);
                Assert.Equal(block.Value().data<float>().ToArray(), read.Value().data<float>().ToArray());
            },
            iter: 400,
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
        var format = NumberFormatRegistry.Standard.Parse(name);

        // The extremes of every group, so that the first rounding takes the full range.
        var values = randn(4, 40, generator: generator).clamp_(-2, 2);
        values[.., ..1] = 2f;
        values[.., 16..17] = 2f;
        values[.., 32..33] = 2f;
        values[.., 1..2] = -2f;
        values[.., 17..18] = -2f;
        values[.., 33..34] = -2f;
        values = name.Contains("int2", StringComparison.Ordinal) ? values.sign_().mul_(2) : values;
        using var once = format.Encode(values);
        using var twice = format.Encode(once.Value());

        Assert.Equal(once.Value().data<float>().ToArray(), twice.Value().data<float>().ToArray());
    }

    [Fact]
    public void Encode_OfOtherShapes_Throws()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ArgumentException>(() => FloatFormat.Float16.Encode(zeros(3)));
        Assert.Throws<ArgumentException>(() => FloatFormat.Float16.Encode(zeros(3, 4), ones(3)));
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

        var thrown = Assert.Throws<NumericalException>(() => NumberFormatRegistry.Standard.Parse(name).Encode(values));
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
        var format = NumberFormatRegistry.Standard.Parse(name);
        InMemoryTensorSource Fresh()
        {
            using var block = format.Encode(ones(3, 20));
            return new InMemoryTensorSource(block.Store("w"));
        }

        void Fails(InMemoryTensorSource source, string part)
        {
            using (source)
            {
                var thrown = Assert.Throws<CheckpointException>(
                    () => format.Read("w", 3, 20, source, InMemoryTensorSource.File));
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
        var format = NumberFormatRegistry.Standard.Parse("int4-g8");
        using var block = format.Encode(ones(3, 20));
        using var source = new InMemoryTensorSource(block.Store("w"))
            .With("w.scales", full(3, 3, float.PositiveInfinity, dtype: ScalarType.Float16));

        Assert.Throws<CheckpointException>(
            () => format.Read("w", 3, 20, source, InMemoryTensorSource.File));
    }

    [Theory]
    [InlineData("f16")]
    [InlineData("int3-g8")]
    [InlineData("uint3-g8")]
    public void Read_AnEmptyBlock_NeedsNoTensors(string name)
    {
        using var scope = NewDisposeScope();
        var format = NumberFormatRegistry.Standard.Parse(name);
        using var block = format.Encode(zeros(1, 0));
        using var source = new InMemoryTensorSource(block.Store("w"));
        using var read = format.Read("w", 1, 0, source, InMemoryTensorSource.File);

        Assert.Empty(source.Tensors);
        Assert.Equal(0, read.StoredBytes);
        Assert.Equal([1L, 0L], read.Value().shape);
    }
}
