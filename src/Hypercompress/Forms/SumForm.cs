using System.Collections.Immutable;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.NumberFormats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// W = A + B + …, each part in a form of its own. Kind <c>sum</c>; the parts are stored as the sites <c>SITE.0</c>,
/// <c>SITE.1</c>, ….
/// </summary>
internal sealed class SumForm : FormMatrix
{
    /// <summary>The kind in <see cref="FormDescription.Kind"/>.</summary>
    public const string Kind = "sum";

    /// <summary>Takes over the parts.</summary>
    /// <param name="parts">At least one, all of one shape; owned by the sum from here on.</param>
    /// <exception cref="ArgumentException">There is no part, or shapes differ.</exception>
    public SumForm(IEnumerable<FormMatrix> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Parts = [.. parts];
        if (Parts.IsEmpty || Parts.Any(part => part.Rows != Parts[0].Rows || part.Columns != Parts[0].Columns))
        {
            throw new ArgumentException(
                "parts of one shape are needed, found "
                + string.Join(", ", Parts.Select(part => $"[{part.Rows}, {part.Columns}]")),
                nameof(parts));
        }
    }

    /// <summary>The parts, owned by the sum.</summary>
    public ImmutableArray<FormMatrix> Parts { get; }

    /// <inheritdoc/>
    public override long Rows => Parts[0].Rows;

    /// <inheritdoc/>
    public override long Columns => Parts[0].Columns;

    /// <inheritdoc/>
    public override long MultiplyAdds => Parts.Sum(part => part.MultiplyAdds);

    /// <inheritdoc/>
    public override long StoredBytes => Parts.Sum(part => part.StoredBytes);

    /// <inheritdoc/>
    public override long StoredParameters => Parts.Sum(part => part.StoredParameters);

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => Parts.SelectMany(part => part.Parameters);

    /// <inheritdoc/>
    public override IEnumerable<StoredValues> StoredBlocks => Parts.SelectMany(part => part.StoredBlocks);

    /// <inheritdoc/>
    public override FormDescription Describe() => new(
        Kind,
        Rows,
        Columns,
        FormDescription.NoNumbers,
        FormDescription.FormatsOf(),
        [.. Parts.Select(part => part.Describe())]);

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix) =>
        [.. Parts.SelectMany((part, index) => part.Store($"{prefix}.{index}"))];

    /// <inheritdoc/>
    public override void RoundToStored() => ForEach(part => part.RoundToStored());

    /// <inheritdoc/>
    public override void Scale(double factor) => ForEach(part => part.Scale(factor));

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x) => Sum(part => part.Apply(x));

    /// <inheritdoc/>
    public override Tensor Gather(Tensor ids) => Sum(part => part.Gather(ids));

    /// <inheritdoc/>
    public override Tensor Materialize()
    {
        using var noGrad = no_grad();
        return Sum(part => part.Materialize());
    }

    /// <inheritdoc/>
    public override PackedMatrix Pack(MemoryUse memory) =>
        PackedMatrices.Sum([.. Parts.Select(part => part.Pack(memory))]);

    /// <inheritdoc/>
    public override void MoveTo(Device device) => ForEach(part => part.MoveTo(device));

    /// <summary>Reads the kind back.</summary>
    internal static FormReader Reader { get; } = new(
        Kind,
        (description, site, tensors, context) =>
        {
            var blocks = new FormBlocks(description, site, tensors, context);
            blocks.RequireShape(numbers: [], formats: [], parts: true);
            if (description.Parts.IsDefaultOrEmpty || description.Parts.Any(
                part => part.Rows != description.Rows || part.Columns != description.Columns))
            {
                throw blocks.Fail($"a sum needs parts, each [{description.Rows}, {description.Columns}]");
            }

            List<FormMatrix> parts = [];
            try
            {
                foreach (var part in description.Parts)
                {
                    parts.Add(
                        context.Catalog.Read(part, $"{site}.{parts.Count}", tensors, blocks.File, context.Earlier));
                }

                return new SumForm(parts);
            }
            catch
            {
                parts.ForEach(part => part.Dispose());
                throw;
            }
        });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => ForEach(part => part.Dispose());

    private Tensor Sum(Func<FormMatrix, Tensor> term)
    {
        using var scope = NewDisposeScope();
        return Parts.Select(term).Aggregate((sum, next) => sum + next).MoveToOuterDisposeScope();
    }

    private void ForEach(Action<FormMatrix> action)
    {
        foreach (var part in Parts)
        {
            action(part);
        }
    }
}
