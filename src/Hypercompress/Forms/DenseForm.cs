using Hypercompress.Models.Errors;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// Every value of the matrix, in one number format. Kind <c>dense</c>; one block, <c>SITE.values</c> [rows, columns].
/// </summary>
public sealed class DenseForm : FormMatrix
{
    /// <summary>The kind in <see cref="FormDescription.Kind"/>.</summary>
    public const string Kind = "dense";

    private const string ValuesBlock = "values";

    /// <summary>Takes over a block of values.</summary>
    /// <param name="values">[rows, columns]; owned by the form from here on.</param>
    public DenseForm(StoredValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Values = values;
    }

    /// <summary>The block of values, owned by the form.</summary>
    public StoredValues Values { get; }

    /// <inheritdoc/>
    public override long Rows => Values.Rows;

    /// <inheritdoc/>
    public override long Columns => Values.Columns;

    /// <inheritdoc/>
    public override long StoredBytes => Values.StoredBytes;

    /// <inheritdoc/>
    public override long StoredParameters => Rows * Columns;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => Values.Parameters;

    /// <inheritdoc/>
    public override IEnumerable<StoredValues> StoredBlocks => [Values];

    /// <summary>Rounds a matrix to a number format.</summary>
    /// <param name="values">Floating point [rows, columns]; stays the caller's.</param>
    /// <param name="format">Any format.</param>
    /// <param name="columnWeights">See <see cref="ValueFormat.Encode"/>.</param>
    /// <returns>A form that the caller disposes.</returns>
    /// <exception cref="NumericalException">A value is NaN, infinite, or too large for the format.</exception>
    public static DenseForm From(Tensor values, ValueFormat format, Tensor? columnWeights = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        return new DenseForm(format.Encode(values, columnWeights));
    }

    /// <inheritdoc/>
    public override FormDescription Describe() => new(
        Kind, Rows, Columns, FormDescription.NoNumbers, FormDescription.FormatsOf((ValuesBlock, Values.Format)), []);

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix) => Values.Store($"{prefix}.{ValuesBlock}");

    /// <inheritdoc/>
    public override void RoundToStored() => Values.RoundToStored();

    /// <inheritdoc/>
    public override void Scale(double factor) => Values.Scale(factor);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x) => Values.Multiply(x);

    /// <inheritdoc/>
    public override Tensor Gather(Tensor ids) => Values.Gather(ids);

    /// <inheritdoc/>
    public override Tensor Materialize()
    {
        using var noGrad = no_grad();
        return Values.CopyValue();
    }

    /// <inheritdoc/>
    public override BlockRows? ToBlocks() => Values.ToBlocks();

    /// <inheritdoc/>
    public override PackedMatrix Pack(MemoryUse memory) => Values.ToPacked(memory);

    /// <inheritdoc/>
    internal override bool PacksAlone => Values.PacksAlone;

    /// <inheritdoc/>
    internal override bool StaysCoded => Values.StaysCoded;

    /// <inheritdoc/>
    public override void MoveTo(Device device) => Values.MoveTo(device);

    /// <summary>Reads the kind back.</summary>
    internal static FormReader Reader { get; } = new(
        Kind,
        (description, site, tensors, context) =>
        {
            var blocks = new FormBlocks(description, site, tensors, context);
            blocks.RequireShape(numbers: [], formats: [ValuesBlock], parts: false);
            return new DenseForm(blocks.Read(ValuesBlock, description.Rows, description.Columns));
        });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Values.Dispose();
}
