using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Quantized;

/// <summary>
/// The format <c>pack-quantized</c> of compressed-tensors: integers of 2, 4 or 8 bits packed along the input, with
/// scales of rows or of groups of a row.
/// </summary>
internal sealed class PackedWeight : QuantizedWeight
{
    private const string ScaleName = "weight_scale";
    private const string ZeroPointName = "weight_zero_point";
    private const string ShapeName = "weight_shape";
    private const string GroupIndexName = "weight_g_idx";

    private readonly TensorInfo _scale;
    private readonly int _bits;

    /// <summary>Reads the shape and checks it.</summary>
    /// <param name="source">The checkpoint as stored.</param>
    /// <param name="module">Name of the module.</param>
    /// <exception cref="Errors.CheckpointException">The shapes of the tensors do not fit each other.</exception>
    public PackedWeight(ITensorSource source, string module)
        : base(source, module, CodesName, [ScaleName, ZeroPointName, ShapeName, GroupIndexName])
    {
        _scale = Require(ScaleName);
        Shape = ReadShape();
        _bits = Codes.Shape.Length == 2 && Codes.Shape[0] == Shape[0]
            && PackedIntegers.Bits(Shape[1], Codes.Shape[1]) is { } bits
            ? bits
            : throw Fail(
                $"must be packed in 2, 4 or 8 bits a value, found {Describe(Codes)} for [{string.Join(", ", Shape)}]");
        if (_scale.Shape.Length != 2 || _scale.Shape[0] != Shape[0] || _scale.Shape[1] < 1
            || (Find(GroupIndexName) is null && Shape[1] % _scale.Shape[1] != 0))
        {
            throw Fail($"has scales that do not fit it: {Describe(_scale)} for [{string.Join(", ", Shape)}]");
        }
    }

    /// <summary>Ending of the name of the codes.</summary>
    public const string CodesName = "weight_packed";

    /// <inheritdoc/>
    protected override string StoredType => $"PACKED_I{_bits}";

    /// <inheritdoc/>
    protected override ImmutableArray<long> Shape { get; }

    /// <inheritdoc/>
    protected override Tensor Dequantize()
    {
        Tensor codes = PackedIntegers.Unpack(ReadCodes(Codes), _bits, Shape[1]);
        Tensor? index = ReadGroupIndex();
        Tensor scale = Spread(ReadNumbers(_scale), index);
        Tensor zero = Find(ZeroPointName) is { } stored
            ? Spread(ReadZeroPoints(stored), index)
            : tensor((float)(1 << (_bits - 1)));
        return codes.to(ScalarType.Float32).sub_(zero).mul_(scale);
    }

    private ImmutableArray<long> ReadShape()
    {
        TensorInfo stored = Require(ShapeName);
        using var scope = NewDisposeScope();
        long[] shape = stored.ElementCount == 2
            ? ReadCodes(stored).to(ScalarType.Int64).reshape(-1).data<long>().ToArray()
            : [];
        return shape is [> 0, > 0] ? [.. shape] : throw Fail($"must have two sizes above 0 in {Describe(stored)}");
    }

    /// <summary>The group of each column; null when groups are columns in order.</summary>
    private Tensor? ReadGroupIndex()
    {
        if (Find(GroupIndexName) is not { } stored)
        {
            return null;
        }

        Tensor index = ReadCodes(stored).to(ScalarType.Int64);
        bool isUnset = index.numel() > 0 && index.min().ToInt64() < 0;
        return isUnset ? null
            : index.numel() == Shape[1] && index.max().ToInt64() < _scale.Shape[1] ? index
            : throw Fail($"has columns of groups that are not there: {Describe(stored)}");
    }

    /// <summary>The zero points as unsigned codes, [out, groups].</summary>
    private Tensor ReadZeroPoints(TensorInfo stored)
    {
        if (stored.DataType == "I8" && stored.Shape.SequenceEqual(_scale.Shape))
        {
            return ReadNumbers(stored) + (1 << (_bits - 1));
        }

        if (stored.DataType != "I32" || stored.Shape.Length != 2 || stored.Shape[1] != _scale.Shape[1]
            || stored.Shape[0] != PackedIntegers.Words(Shape[0], _bits))
        {
            throw Fail($"has zero points that do not fit it: {Describe(stored)}");
        }

        return PackedIntegers.Unpack(ReadCodes(stored).t(), _bits, Shape[0]).t().to(ScalarType.Float32);
    }

    private Tensor Spread(Tensor groups, Tensor? index)
    {
        if (index is not null)
        {
            return groups.index_select(1, index);
        }

        long size = Shape[1] / groups.shape[1];
        return groups.shape[1] == 1 ? groups : groups.repeat_interleave(size, 1);
    }
}
