using System.Globalization;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.NumberFormats.Blocks.Grids;
using Hypercompress.NumberFormats.Blocks.Search;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.Blocks;

/// <summary>
/// A block type of GGUF, such as <c>q4_k</c> or <c>iq4_nl</c>: codes of neighbours in a row with shared steps, in the
/// bytes that llama.cpp reads. Rows must be whole blocks.
/// </summary>
internal sealed record BlockFormat : ValueFormat
{
    private readonly GgmlType _type;
    private readonly Lazy<BlockGrid> _grid;

    private BlockFormat(GgmlType type, Lazy<BlockGrid> grid) =>
        (_type, _grid, Name) = (type, grid, GgmlBlocks.Name(type).ToLowerInvariant());

    /// <summary>All block formats, the widest first.</summary>
    public static IReadOnlyList<BlockFormat> All { get; } =
        [.. BlockGrids.All.Select(one => new BlockFormat(one.Type, one.Grid))];

    /// <summary>The values that a block can have.</summary>
    public BlockGrid Grid => _grid.Value;

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool IsCoarse => true;

    /// <summary>Bits, levels and scales in one line, such as <c>4.5 bits/weight: 16 levels, …</c>.</summary>
    public string Summary
    {
        get
        {
            (double bits, int part) = (8.0 * Grid.Bytes / Grid.Elements, Grid.PartSize);
            string levels = Grid.HasBooks ? "groups from a list"
                : $"{Grid.Levels.Length} {(Grid.IsEven ? "" : "uneven ")}levels";
            string scales = Grid.HasBase ? "scale and minimum" : "a scale";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{bits:0.####} bits/weight: {levels}, {scales} for each {part} weights");
        }
    }

    /// <inheritdoc/>
    public override int GroupSize => Grid.Elements;

    /// <summary>Reads a name.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The format, or null where the text is not the name of one.</returns>
    public static BlockFormat? TryParse(string name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>Whether rows are whole blocks.</summary>
    /// <inheritdoc/>
    public override bool Holds(long rows, long columns) => columns % Grid.Elements == 0;

    /// <inheritdoc/>
    public override long StoredBytes(long rows, long columns) => rows * RowBytes(columns);

    /// <inheritdoc/>
    public bool Equals(BlockFormat? other) => other?._type == _type;

    /// <inheritdoc/>
    public override int GetHashCode() => _type.GetHashCode();

    /// <summary>Bytes of a row.</summary>
    internal long RowBytes(long columns) => columns % Grid.Elements == 0
        ? columns / Grid.Elements * Grid.Bytes
        : throw new ArgumentException(
            $"{Name} stores rows of whole blocks of {Grid.Elements} values, not of {columns}", nameof(columns));

    /// <summary>Refuses numbers whose steps half precision does not hold.</summary>
    internal void RequireEncodable(Tensor values) =>
        BlockParameter.RequireWithin(values, BlockParameter.Largest(ScalarType.Float16), $"values stored as {Name}");

    /// <inheritdoc/>
    protected override StoredValues CreateEmpty(long rows, long columns) =>
        new BlockValues(this, rows, columns, zeros(rows, RowBytes(columns), dtype: ScalarType.Byte));

    /// <inheritdoc/>
    protected override StoredValues EncodeBlock(Tensor values, Tensor? columnWeights)
    {
        (long rows, long columns) = (values.shape[0], values.shape[1]);
        RowBytes(columns);
        Tensor single = values.to(ScalarType.Float32);
        RequireEncodable(single);
        return new BlockValues(this, rows, columns, BlockRounding.Round(single, columnWeights, Grid));
    }

    /// <inheritdoc/>
    protected override StoredValues ReadBlock(BlockReader reader, string prefix, long rows, long columns) =>
        Holds(rows, columns)
            ? new BlockValues(
                this, rows, columns, reader.Read($"{prefix}.blocks", ScalarType.Byte, [rows, RowBytes(columns)]))
            : throw reader.Fail($"tensor {prefix}.blocks: {columns} columns are not whole blocks of {Grid.Elements}");
}
