using System.Globalization;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;
using static TorchSharp.torch;

namespace Hypercompress.Ternary;

/// <summary>
/// −1, 0 or 1 times a float16 scale per group of neighbours in a row: <c>ternary-g64</c>. Five values take a byte, 1.6
/// bits each; every row is padded to whole bytes.
/// </summary>
/// <param name="GroupSize">Values that share a scale, 1 or more.</param>
public sealed record TernaryFormat(int GroupSize) : ValueFormat
{
    private const string Prefix = "ternary-g";
    private const int ScaleBytes = 2;
    private const double SmallestFloat16 = 1.0 / (1 << 24);

    /// <summary>The line that makes the format known.</summary>
    public static NumberFormatRegistration Registration { get; } = new("ternary-g64", TryParse);

    /// <inheritdoc/>
    public override int GroupSize { get; } = GroupSize;

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{GroupSize}");

    /// <inheritdoc/>
    public override bool IsCoarse => true;

    /// <summary>Reads a name.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The format, or null where the text is not the name of one.</returns>
    public static TernaryFormat? TryParse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(
                name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int group)
            && group > 0
            ? new TernaryFormat(group)
            : null;
    }

    /// <inheritdoc/>
    public override long StoredBytes(long rows, long columns) =>
        rows * (TernaryValues.RowBytes(columns) + (Groups(columns) * ScaleBytes));

    /// <summary>Groups of a row.</summary>
    /// <param name="columns">Values of a row.</param>
    /// <returns>The number of groups, the last of which may be shorter.</returns>
    public long Groups(long columns) => (columns + GroupSize - 1) / GroupSize;

    /// <inheritdoc/>
    protected override StoredValues CreateEmpty(long rows, long columns) =>
        new TernaryValues(this, zeros(rows, columns, dtype: ScalarType.Int8), zeros(rows, Groups(columns)));

    /// <summary>
    /// The codes and scale of least weighted squared error. For k non-zero codes these are the k largest magnitudes and
    /// their weighted mean; the best k maximises (Σ w·|x|)² / Σ w over them.
    /// </summary>
    /// <inheritdoc/>
    protected override StoredValues EncodeBlock(Tensor values, Tensor? columnWeights)
    {
        (long rows, long columns, long groups) = (values.shape[0], values.shape[1], Groups(values.shape[1]));
        BlockParameter.RequireWithin(values, BlockParameter.Largest(ScalarType.Float16), $"values stored as {Name}");
        Tensor grouped = Grouped(values.to(ScalarType.Float32), groups);
        Tensor weights = Grouped((columnWeights ?? ones(columns, device: values.device)).unsqueeze(0), groups)
            .expand(grouped.shape);
        (Tensor sorted, Tensor order) = grouped.abs().sort(-1, descending: true);
        Tensor sums = (sorted * weights.gather(-1, order)).cumsum(-1);
        Tensor masses = weights.gather(-1, order).cumsum(-1).clamp(min: double.Epsilon);
        Tensor best = (sums.square() / masses).argmax(-1, keepdim: true);
        Tensor scales = (sums / masses).gather(-1, best).to(ScalarType.Float16).to(ScalarType.Float32);
        Tensor codes = (grouped / scales.clamp(min: SmallestFloat16)).round().clamp(-1, 1);
        return new TernaryValues(
            this,
            codes.view(rows, groups * GroupSize).narrow(1, 0, columns).to(ScalarType.Int8),
            scales.view(rows, groups));
    }

    /// <inheritdoc/>
    protected override StoredValues ReadBlock(BlockReader reader, string prefix, long rows, long columns)
    {
        Tensor packed = reader.Read($"{prefix}.trits", ScalarType.Byte, [rows, TernaryValues.RowBytes(columns)]);
        Tensor scales = reader.ReadFinite($"{prefix}.scales", ScalarType.Float16, [rows, Groups(columns)]);
        return TernaryValues.Unpack(packed, columns) is { } codes
            ? new TernaryValues(this, codes, scales)
            : throw reader.Fail($"tensor {prefix}.trits holds a byte above 242, which is not five digits to base 3");
    }

    // Zeros fill the last group: they change neither sums nor the largest magnitudes, and weigh nothing.
    private Tensor Grouped(Tensor rows, long groups)
    {
        long missing = (groups * GroupSize) - rows.shape[1];
        return nn.functional.pad(rows, [0, missing]).view(rows.shape[0], groups, GroupSize);
    }
}
