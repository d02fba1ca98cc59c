using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;

namespace Hypercompress.Forms;

/// <summary>A weight matrix that knows how it is stored: the piece that branches produce and artifacts keep.</summary>
public abstract class FormMatrix : WeightMatrix
{
    /// <summary>Exact bytes of its tensors in the file.</summary>
    public abstract long StoredBytes { get; }

    /// <summary>
    /// Parameters that are stored; zeros that are not stored do not count, scales and indices do not either.
    /// </summary>
    public abstract long StoredParameters { get; }

    /// <summary>
    /// The blocks of numbers that the form owns; those that it borrows from another form are not among them.
    /// </summary>
    public abstract IEnumerable<StoredValues> StoredBlocks { get; }

    /// <summary>The description that a reader needs besides the tensors.</summary>
    /// <returns>The description.</returns>
    public abstract FormDescription Describe();

    /// <summary>The tensors of the form; their data bytes add up to <see cref="StoredBytes"/>.</summary>
    /// <param name="prefix">Name of the site; tensors are named <c>prefix.something</c>.</param>
    /// <returns>Tensors that the receiver disposes.</returns>
    public abstract IEnumerable<StoredTensor> Store(string prefix);

    /// <summary>Rounds all parameters to what the file keeps.</summary>
    public abstract void RoundToStored();

    /// <summary>The same matrix times a number, in the same form.</summary>
    /// <param name="factor">Any finite number.</param>
    public abstract void Scale(double factor);

    /// <summary>
    /// Whether <see cref="WeightMatrix.Pack"/> needs nothing that others use, so that it may run beside anything.
    /// </summary>
    internal virtual bool PacksAlone => false;

    /// <summary>Whether it is decoded whenever it is multiplied where memory is to be small.</summary>
    internal virtual bool StaysCoded => false;

    /// <summary>Whether it can train from more than it keeps to exactly that.</summary>
    internal virtual bool TrainsGradually => false;

    /// <summary>Whether all its blocks are floating-point values.</summary>
    internal bool HasPlainValues => StoredBlocks.All(block => block.Format is FloatFormat);

    /// <summary>Disposes matrices.</summary>
    internal static void Release(IEnumerable<FormMatrix> matrices)
    {
        foreach (FormMatrix matrix in matrices)
        {
            matrix.Dispose();
        }
    }
}
