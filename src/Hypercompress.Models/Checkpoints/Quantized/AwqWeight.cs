using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Quantized;

/// <summary>
/// AWQ of 4 bits in the layout that AutoAWQ calls <c>gemm</c>: integers packed along the output, the eight of a word in
/// an order of their own, scales and zero points of groups of inputs.
/// </summary>
internal sealed class AwqWeight : QuantizedWeight
{
    /// <summary>Ending of the name of the codes.</summary>
    public const string CodesName = "qweight";

    /// <summary>Ending of the name of the scales.</summary>
    public const string ScalesName = "scales";

    /// <summary>Ending of the name of the zero points.</summary>
    public const string ZerosName = "qzeros";

    private const int Bits = 4;

    // Which of eight outputs is in each four bits of a word, from the lowest.
    private static readonly int[] Order = [0, 2, 4, 6, 1, 3, 5, 7];

    private readonly TensorInfo _scales;
    private readonly TensorInfo _zeros;

    /// <summary>Checks the shapes.</summary>
    /// <param name="source">The checkpoint as stored.</param>
    /// <param name="module">Name of the module.</param>
    /// <exception cref="Errors.CheckpointException">The shapes of the tensors do not fit each other.</exception>
    public AwqWeight(ITensorSource source, string module)
        : base(source, module, CodesName, [ScalesName, ZerosName])
    {
        (_scales, _zeros) = (Require(ScalesName), Require(ZerosName));
        bool areMatrices = new[] { Codes, _scales, _zeros }.All(tensor => tensor.Shape.Length == 2);
        bool fits = areMatrices && _scales.Shape[0] > 0 && Codes.Shape[0] % _scales.Shape[0] == 0
            && _scales.Shape[1] == Codes.Shape[1] * 8
            && _zeros.Shape.SequenceEqual([_scales.Shape[0], Codes.Shape[1]]);
        if (!fits)
        {
            throw Fail(
                "must be AWQ of 4 bits in the layout gemm, found "
                + $"{Describe(Codes)}, {Describe(_scales)}, {Describe(_zeros)}");
        }

        Shape = [_scales.Shape[1], Codes.Shape[0]];
    }

    /// <summary>Whether the codes of a module are packed along the output, as here and not in GPTQ.</summary>
    /// <param name="source">The checkpoint as stored.</param>
    /// <param name="module">Name of the module.</param>
    /// <returns>False also when a tensor is absent.</returns>
    public static bool IsPackedAlongOutput(ITensorSource source, string module) =>
        source.Tensors.GetValueOrDefault($"{module}.{ScalesName}") is { Shape: [_, var outputs] }
        && source.Tensors.GetValueOrDefault($"{module}.{CodesName}") is { Shape: [_, var words] }
        && words * 8 == outputs;

    /// <inheritdoc/>
    protected override string StoredType => "AWQ_I4";

    /// <inheritdoc/>
    protected override ImmutableArray<long> Shape { get; }

    /// <inheritdoc/>
    protected override Tensor Dequantize()
    {
        Tensor codes = PackedIntegers.Unpack(ReadCodes(Codes), Bits, Shape[0], Order);
        Tensor zeros = PackedIntegers.Unpack(ReadCodes(_zeros), Bits, Shape[0], Order);
        Tensor difference = codes.to(ScalarType.Float32) - Spread(zeros.to(ScalarType.Float32));
        return difference.mul_(Spread(ReadNumbers(_scales))).t();
    }

    private Tensor Spread(Tensor groups) => groups.repeat_interleave(Shape[1] / _scales.Shape[0], 0);
}
