using Hypercompress.Forms;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.BlockDiagonal;

/// <summary>A matrix that is zero outside k blocks on its diagonal. Kind <c>block-diagonal</c>.</summary>
public sealed class BlockDiagonalForm : FormMatrix
{
    private const string Kind = "block-diagonal";
    private const string BlocksNumber = "blocks";
    private const string ValuesBlock = "values";
    private readonly StoredValues _values;

    /// <summary>Takes over the blocks.</summary>
    /// <param name="values">[rows, columns / blocks]; owned by the form from here on.</param>
    /// <param name="blocks">Number of blocks.</param>
    public BlockDiagonalForm(StoredValues values, int blocks)
    {
        ArgumentNullException.ThrowIfNull(values);
        (_values, Blocks) = (values, blocks);
    }

    /// <summary>Reads the kind back.</summary>
    public static FormReader Reader { get; } = new(Kind, Read);

    /// <summary>Number of blocks.</summary>
    public int Blocks { get; }

    /// <inheritdoc/>
    public override long Rows => _values.Rows;

    /// <inheritdoc/>
    public override long Columns => _values.Columns * Blocks;

    /// <inheritdoc/>
    public override long MultiplyAdds => _values.Rows * _values.Columns;

    /// <inheritdoc/>
    public override long StoredBytes => _values.StoredBytes;

    /// <inheritdoc/>
    public override long StoredParameters => _values.Rows * _values.Columns;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => _values.Parameters;

    /// <inheritdoc/>
    public override IEnumerable<StoredValues> StoredBlocks => [_values];

    /// <inheritdoc/>
    public override FormDescription Describe() => new(
        Kind,
        Rows,
        Columns,
        FormDescription.NoNumbers.Add(BlocksNumber, Blocks),
        FormDescription.FormatsOf((ValuesBlock, _values.Format)),
        []);

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix) => _values.Store($"{prefix}.{ValuesBlock}");

    /// <inheritdoc/>
    public override void RoundToStored() => _values.RoundToStored();

    /// <inheritdoc/>
    public override void Scale(double factor) => _values.Scale(factor);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();

        // [..., k, 1, n/k] times [k, n/k, m/k] gives [..., k, 1, m/k].
        Tensor parts = x.reshape([.. x.shape[..^1], Blocks, 1, _values.Columns]);
        Tensor blocks = _values.Value().reshape(Blocks, Rows / Blocks, _values.Columns).transpose(1, 2);
        return parts.matmul(blocks).reshape([.. x.shape[..^1], Rows]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Gather(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var scope = NewDisposeScope();
        Tensor rows = Expand().index_select(0, ids.reshape(-1));
        return rows.reshape([.. ids.shape, Columns]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Materialize()
    {
        using var noGrad = no_grad();
        return Expand();
    }

    /// <inheritdoc/>
    public override void MoveTo(Device device) => _values.MoveTo(device);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _values.Dispose();

    private static BlockDiagonalForm Read(
        FormDescription description, string site, ITensorSource tensors, FormContext context)
    {
        string file = tensors.Tensors.Values.FirstOrDefault()?.File ?? site;
        if (!description.Numbers.TryGetValue(BlocksNumber, out long blocks) || blocks < 1
            || description.Rows % blocks != 0 || description.Columns % blocks != 0
            || !description.Formats.TryGetValue(ValuesBlock, out string? format))
        {
            throw new CheckpointException(
                file, $"site {site}: a block-diagonal form has a number 'blocks' that divides both sides, and a format "
                    + $"'values'");
        }

        return new BlockDiagonalForm(
            context.Catalog.Formats.Parse(format).Read(
                $"{site}.{ValuesBlock}", description.Rows, description.Columns / blocks, tensors, file),
            (int)blocks);
    }

    private Tensor Expand()
    {
        using var scope = NewDisposeScope();
        Tensor[] blocks = _values.Value().chunk(Blocks, 0);
        return block_diag(blocks).MoveToOuterDisposeScope();
    }
}
