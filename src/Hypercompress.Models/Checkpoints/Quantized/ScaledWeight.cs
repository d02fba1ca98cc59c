using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Quantized;

/// <summary>
/// One byte a value, FP8 or INT8, times a scale that the whole weight, a row, a group of a row or a block shares.
/// Written by compressed-tensors, DeepSeek, FBGEMM, ModelOpt and others.
/// </summary>
internal sealed class ScaledWeight : QuantizedWeight
{
    private const string Scale = "weight_scale";
    private const string BlockScale = "weight_scale_inv";
    private const string ZeroPoint = "weight_zero_point";
    private const long UsualBlock = 128;

    private readonly TensorInfo _scale;
    private readonly (long Rows, long Columns) _block;

    /// <summary>Checks the shapes.</summary>
    /// <param name="source">The checkpoint as stored.</param>
    /// <param name="module">Name of the module.</param>
    /// <param name="settings">What the configuration states, or null.</param>
    /// <exception cref="Errors.CheckpointException">The shape of the scales does not fit that of the codes.</exception>
    public ScaledWeight(ITensorSource source, string module, QuantizationSettings? settings)
        : base(source, module, "weight", [Scale, BlockScale, ZeroPoint])
    {
        _scale = Find(BlockScale) ?? Require(Scale);
        _block = Block(settings?.BlockSize);
    }

    /// <summary>Whether a tensor has codes that a scale beside it belongs to.</summary>
    /// <param name="source">The checkpoint as stored.</param>
    /// <param name="module">Name of the module.</param>
    /// <returns>False when there is no scale.</returns>
    public static bool HasScale(ITensorSource source, string module) =>
        source.Tensors.ContainsKey($"{module}.{Scale}") || source.Tensors.ContainsKey($"{module}.{BlockScale}");

    /// <inheritdoc/>
    protected override string StoredType => Codes.DataType;

    /// <inheritdoc/>
    protected override ImmutableArray<long> Shape => Codes.Shape;

    /// <inheritdoc/>
    protected override Tensor Dequantize()
    {
        Tensor values = ReadNumbers(Codes);
        if (Find(ZeroPoint) is { } zero)
        {
            values = values - Spread(ReadNumbers(zero));
        }

        return values * Spread(ReadNumbers(_scale));
    }

    /// <summary>Repeats what blocks share, so that it can be broadcast over the weight.</summary>
    private Tensor Spread(Tensor shared)
    {
        if (shared.numel() == 1)
        {
            return shared.reshape(1, 1);
        }

        Tensor grid = shared.dim() == 1 ? shared.unsqueeze(1) : shared;
        return Repeat(Repeat(grid, 0, _block.Rows), 1, _block.Columns);
    }

    private Tensor Repeat(Tensor grid, int dimension, long times) => times == 1 || grid.shape[dimension] == 1
        ? grid
        : grid.repeat_interleave(times, dimension).narrow(dimension, 0, Shape[dimension]);

    private (long Rows, long Columns) Block((long Rows, long Columns)? stated)
    {
        if (Shape.Length != 2)
        {
            throw Fail($"must be a matrix, found {Describe(Codes)}");
        }

        ImmutableArray<long> grid = _scale.Shape.Length switch
        {
            0 => [1, 1],
            1 => [_scale.Shape[0], 1],
            2 => _scale.Shape,
            _ => throw Mismatch(),
        };
        return (Span(grid[0], Shape[0], stated?.Rows), Span(grid[1], Shape[1], stated?.Columns));
    }

    /// <summary>How many rows or columns share a scale.</summary>
    private long Span(long scales, long size, long? stated)
    {
        bool isOfBlocks = _scale.Name.EndsWith(BlockScale, StringComparison.Ordinal);
        long? even = scales > 0 && size % scales == 0 ? size / scales : null;
        long?[] candidates = isOfBlocks ? [stated, UsualBlock, even] : [stated, even, UsualBlock];
        return scales == 1
            ? size
            : Array.Find(candidates, span => span is > 0 && Blocks(size, span.Value) == scales) ?? throw Mismatch();
    }

    private static long Blocks(long size, long span) => (size + span - 1) / span;

    private Errors.CheckpointException Mismatch() =>
        Fail($"has scales that do not fit it: {Describe(_scale)} for {Describe(Codes)}");
}
