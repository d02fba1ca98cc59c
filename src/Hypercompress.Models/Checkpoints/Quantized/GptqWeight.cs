using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Quantized;

/// <summary>
/// GPTQ as AutoGPTQ and GPTQModel store it: integers of 2, 4 or 8 bits packed along the input, scales and zero points
/// of groups of inputs, and the group of each input. In the first version of the format one is subtracted from zero
/// points before they are stored.
/// </summary>
internal sealed class GptqWeight : QuantizedWeight
{
    private const string IndexName = "g_idx";

    private readonly TensorInfo _scales;
    private readonly TensorInfo _zeros;
    private readonly int _bits;
    private readonly bool _isSecondVersion;

    /// <summary>Checks the shapes.</summary>
    /// <param name="source">The checkpoint as stored.</param>
    /// <param name="module">Name of the module.</param>
    /// <param name="isSecondVersion">Whether zero points are stored as they are.</param>
    /// <exception cref="Errors.CheckpointException">The shapes of the tensors do not fit each other.</exception>
    public GptqWeight(ITensorSource source, string module, bool isSecondVersion)
        : base(source, module, AwqWeight.CodesName, [AwqWeight.ScalesName, AwqWeight.ZerosName, IndexName])
    {
        _isSecondVersion = isSecondVersion;
        (_scales, _zeros) = (Require(AwqWeight.ScalesName), Require(AwqWeight.ZerosName));
        _bits = ReadBits();
        Shape = [_scales.Shape[1], Codes.Shape[0] * (32 / _bits)];
        bool fits = Find(IndexName) is { } index
            ? index.ElementCount == Shape[1]
            : Shape[1] % _scales.Shape[0] == 0;
        if (!fits)
        {
            throw Fail($"has groups that do not fit it: {Describe(_scales)} for [{string.Join(", ", Shape)}]");
        }
    }

    /// <inheritdoc/>
    protected override string StoredType => $"GPTQ_I{_bits}";

    /// <inheritdoc/>
    protected override ImmutableArray<long> Shape { get; }

    /// <inheritdoc/>
    protected override Tensor Dequantize()
    {
        // [in, out] until the last step, as stored.
        Tensor codes = PackedIntegers.Unpack(ReadCodes(Codes).t().contiguous(), _bits, Shape[1]).t();
        Tensor zeros = PackedIntegers.Unpack(ReadCodes(_zeros), _bits, Shape[0]);
        if (!_isSecondVersion)
        {
            zeros = (zeros + 1).bitwise_and(tensor((1 << _bits) - 1, dtype: ScalarType.Int32));
        }

        Tensor index = ReadIndex();
        Tensor difference = codes.to(ScalarType.Float32) - zeros.to(ScalarType.Float32).index_select(0, index);
        return difference.mul_(ReadNumbers(_scales).index_select(0, index)).t();
    }

    private int ReadBits()
    {
        bool areMatrices = new[] { Codes, _scales, _zeros }.All(tensor => tensor.Shape.Length == 2);
        bool fits = areMatrices && Codes.Shape[1] == _scales.Shape[1] && _zeros.Shape[0] == _scales.Shape[0]
            && _scales.Shape[0] > 0;
        return fits && PackedIntegers.Bits(_scales.Shape[1], _zeros.Shape[1]) is { } bits
            ? bits
            : throw Fail(
                $"must be GPTQ of 2, 4 or 8 bits, found {Describe(Codes)}, {Describe(_scales)}, {Describe(_zeros)}");
    }

    private Tensor ReadIndex()
    {
        if (Find(IndexName) is not { } stored)
        {
            return arange(Shape[1], dtype: ScalarType.Int64).div_(Shape[1] / _scales.Shape[0], RoundingMode.floor);
        }

        Tensor index = ReadCodes(stored).to(ScalarType.Int64).reshape(-1);
        return index.min().ToInt64() >= 0 && index.max().ToInt64() < _scales.Shape[0]
            ? index
            : throw Fail($"has inputs of groups that are not there: {Describe(stored)}");
    }
}
