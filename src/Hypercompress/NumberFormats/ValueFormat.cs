using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// How a two-dimensional block of numbers is written: its name, its exact bytes, and the way into
/// <see cref="StoredValues"/> and back from a file. Two formats of one name are equal. A new format is one class that
/// derives from this one, its <see cref="StoredValues"/>, and one line in the registry of formats.
/// </summary>
public abstract record ValueFormat
{
    /// <summary>The name in artifacts, plans and reports, such as <c>f16</c> or <c>uint4-g64</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// True where rounding costs so much that a solver should let other values compensate for it: factors are refitted
    /// and columns swept.
    /// </summary>
    public abstract bool IsCoarse { get; }

    /// <summary>Neighbours in a row that share a scale, 1 or more; 0 where values have no scale of their own.</summary>
    public virtual int GroupSize => 0;

    /// <summary>
    /// Whether a block of such a shape can be stored; true unless the format has units of several values.
    /// </summary>
    /// <param name="rows">Rows of the block, 0 or more.</param>
    /// <param name="columns">Columns of the block, 0 or more.</param>
    /// <returns>True when it can.</returns>
    public virtual bool Holds(long rows, long columns) => true;

    /// <summary>Exact bytes of a block.</summary>
    /// <param name="rows">Rows of the block, 0 or more.</param>
    /// <param name="columns">Columns of the block, 0 or more.</param>
    /// <returns>Bytes in the file without headers; 0 for an empty block.</returns>
    public abstract long StoredBytes(long rows, long columns);

    /// <summary>Rounds numbers to the format.</summary>
    /// <param name="values">Floating point [rows, columns]; stays the caller's.</param>
    /// <param name="columnWeights">
    /// Floating point [columns], none negative: the cost of a squared error in each column, such as the diagonal of the
    /// input moment. Formats that search for scales use it; null weighs all columns equally.
    /// </param>
    /// <returns>The rounded block, which the caller disposes; on the device of <paramref name="values"/>.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape.</exception>
    /// <exception cref="NumericalException">A value is NaN, infinite, or too large for the format.</exception>
    public StoredValues Encode(Tensor values, Tensor? columnWeights = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.dim() != 2 || (columnWeights is not null && !columnWeights.shape.SequenceEqual([values.shape[1]])))
        {
            throw new ArgumentException(
                $"values must be [rows, columns] and weights [columns]; found [{string.Join(", ", values.shape)}] and "
                + $"[{string.Join(", ", columnWeights?.shape ?? [])}]",
                nameof(values));
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return values.numel() == 0
            ? CreateEmpty(values.shape[0], values.shape[1])
            : EncodeBlock(values.detach(), columnWeights);
    }

    /// <summary>Reads a block that <see cref="StoredValues.Store"/> wrote.</summary>
    /// <param name="prefix">Name of the block.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns; 0 for an empty block, which has no tensors.</param>
    /// <param name="source">Source of its tensors.</param>
    /// <param name="file">The file to name when a tensor is missing.</param>
    /// <returns>The block, on the CPU; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Rows or columns are negative.</exception>
    /// <exception cref="CheckpointException">
    /// A tensor is missing, of the wrong type or shape, or not finite.
    /// </exception>
    public StoredValues Read(string prefix, long rows, long columns, ITensorSource source, string file)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (rows == 0 || columns == 0)
        {
            return CreateEmpty(rows, columns);
        }

        var reader = new BlockReader(source, file);
        return ReadBytes(reader, prefix, rows, columns) ?? ReadTensors(reader, prefix, rows, columns);
    }

    /// <summary>
    /// The format that gives a sample of a block the same error per value. A format whose fixed parts (tables, headers)
    /// weigh more in a small block answers with fewer bits per value.
    /// </summary>
    /// <param name="stored">Values of the whole block, a single row; 1 or more.</param>
    /// <param name="sampled">Values of the sample, 1 or more.</param>
    /// <returns>This format, unless it overrides the method.</returns>
    public virtual ValueFormat ForSample(long stored, long sampled) => this;

    /// <inheritdoc cref="Name"/>
    /// <returns>The name.</returns>
    public sealed override string ToString() => Name;

    /// <summary>Makes a block without values.</summary>
    /// <param name="rows">Rows; 0 unless <paramref name="columns"/> is 0.</param>
    /// <param name="columns">Columns.</param>
    /// <returns>The block.</returns>
    protected abstract StoredValues CreateEmpty(long rows, long columns);

    /// <summary>Rounds a block; runs without gradients and inside a dispose scope.</summary>
    /// <param name="values">Floating point [rows, columns], not empty; stays the caller's.</param>
    /// <param name="columnWeights">As in <see cref="Encode"/>.</param>
    /// <returns>The rounded block.</returns>
    protected abstract StoredValues EncodeBlock(Tensor values, Tensor? columnWeights);

    /// <summary>Reads a block without libtorch, where the format can: a model then runs without it.</summary>
    /// <param name="reader">As for <see cref="ReadBlock"/>.</param>
    /// <param name="prefix">Name of the block.</param>
    /// <param name="rows">Its rows, 1 or more.</param>
    /// <param name="columns">Its columns, 1 or more.</param>
    /// <returns>The block; null to be asked by <see cref="ReadBlock"/>.</returns>
    protected virtual StoredValues? ReadBytes(BlockReader reader, string prefix, long rows, long columns) => null;

    /// <summary>Reads a block; runs inside a dispose scope.</summary>
    /// <param name="reader">Reads the block's tensors and checks their type and shape.</param>
    /// <param name="prefix">Name of the block.</param>
    /// <param name="rows">Its rows, 1 or more.</param>
    /// <param name="columns">Its columns, 1 or more.</param>
    /// <returns>The block.</returns>
    protected abstract StoredValues ReadBlock(BlockReader reader, string prefix, long rows, long columns);

    private StoredValues ReadTensors(BlockReader reader, string prefix, long rows, long columns)
    {
        using var scope = NewDisposeScope();
        return ReadBlock(reader, prefix, rows, columns);
    }
}
