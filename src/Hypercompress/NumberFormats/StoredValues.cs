using Hypercompress.Models.Errors;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// A block of numbers [<see cref="Rows"/>, <see cref="Columns"/>] in a <see cref="ValueFormat"/>: every form stores its
/// factors, sparse values and codes in such blocks. All of a floating-point block trains; of integer codes only the
/// scales and minimums train.
/// </summary>
public abstract class StoredValues : IDisposable
{
    /// <summary>Starts a block.</summary>
    /// <param name="format">The number format.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the block.</param>
    protected StoredValues(ValueFormat format, long rows, long columns)
    {
        ArgumentNullException.ThrowIfNull(format);
        (Format, Rows, Columns) = (format, rows, columns);
    }

    /// <summary>The number format.</summary>
    public ValueFormat Format { get; }

    /// <summary>Rows of the block.</summary>
    public long Rows { get; }

    /// <summary>Columns of the block.</summary>
    public long Columns { get; }

    /// <summary>Exact bytes in the file.</summary>
    public long StoredBytes => Format.StoredBytes(Rows, Columns);

    /// <summary>The parameters that training may change.</summary>
    public abstract IEnumerable<Parameter> Parameters { get; }

    /// <summary>
    /// The numbers, float32 [rows, columns]. While a parameter requires a gradient they are computed from the
    /// parameters in every call; otherwise decoded numbers are kept for as long as there is memory.
    /// </summary>
    /// <returns>
    /// A tensor of the caller's dispose scope, or the parameter itself; the caller does not dispose it.
    /// </returns>
    public abstract Tensor Value();

    /// <summary>The numbers, for a caller that wants them once.</summary>
    /// <returns>A new float32 [rows, columns], in the caller's scope.</returns>
    internal virtual Tensor CopyValue()
    {
        using var scope = NewDisposeScope();
        return Value().clone().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// x Wᵀ with W the block: what a linear layer of these numbers does. Forms multiply by this method alone, so that a
    /// format that can multiply without decoding overrides it here. While a parameter or <paramref name="x"/> requires
    /// a gradient, the result passes it on.
    /// </summary>
    /// <param name="x">Floating point [..., columns].</param>
    /// <returns>[..., rows], in the caller's dispose scope.</returns>
    public virtual Tensor Multiply(Tensor x)
    {
        using var scope = NewDisposeScope();
        return LinearProduct.Of(x, Value()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// x W with W the block, for factors that are stored transposed; otherwise as <see cref="Multiply"/>.
    /// </summary>
    /// <param name="x">Floating point [..., rows].</param>
    /// <returns>[..., columns], in the caller's dispose scope.</returns>
    public virtual Tensor MultiplyTransposed(Tensor x)
    {
        using var scope = NewDisposeScope();
        return LinearProduct.Of(x, Value().t()).MoveToOuterDisposeScope();
    }

    /// <summary>Picks rows of the block, as an embedding does; gradients as for <see cref="Multiply"/>.</summary>
    /// <param name="ids">int64 [...], each in [0, rows).</param>
    /// <returns>float32 [..., columns], in the caller's dispose scope.</returns>
    public virtual Tensor Gather(Tensor ids) => RowGather.Pick(Value, ids);

    /// <summary>
    /// The block as integer codes with a scale per group, for programs that run such codes.
    /// </summary>
    /// <returns>
    /// Codes on the CPU, whose tensors belong to the current dispose scope; null where the block has none.
    /// </returns>
    public virtual GroupCodes? Codes() => null;

    /// <summary>The blocks of GGUF that the numbers are stored in, for files that hold such blocks.</summary>
    /// <returns>The blocks, owned by this object; null where the numbers are stored in another way.</returns>
    public virtual BlockRows? ToBlocks() => null;

    /// <summary>The block as it is multiplied without libtorch: codes as codes, other numbers in 16 bits.</summary>
    /// <param name="memory">Whether a coded stream is decoded now or whenever it is multiplied.</param>
    /// <returns>A copy that the caller disposes.</returns>
    public virtual PackedMatrix ToPacked(MemoryUse memory) => FloatPacking.Pack(Value(), rounds: true);

    /// <summary>Whether <see cref="ToPacked"/> needs nothing that others use, not even libtorch.</summary>
    internal virtual bool PacksAlone => false;

    /// <summary>Whether <see cref="ToPacked"/> leaves them coded where memory is to be small.</summary>
    internal virtual bool StaysCoded => false;

    /// <summary>The same with rows and columns exchanged.</summary>
    /// <returns>A copy that the caller disposes.</returns>
    public virtual PackedMatrix ToPackedTransposed()
    {
        using Tensor turned = Value().t();
        return FloatPacking.Pack(turned, rounds: true);
    }

    /// <summary>
    /// Starts to train the codes of the block; until the training is disposed, <see cref="Value"/> is the value of the
    /// codes as they are, with a gradient.
    /// </summary>
    /// <returns>The training, which the caller disposes; null where the block has no codes that train.</returns>
    public virtual CodeTraining? TrainCodes() => null;

    /// <summary>
    /// What rounding took from the values, which the file does not keep and <see cref="TrainCodes"/> begins with.
    /// </summary>
    /// <returns>One dimension, in the caller's scope; null where there is nothing.</returns>
    internal virtual Tensor? CopyRemainders() => null;

    /// <summary>Puts back what <see cref="CopyRemainders"/> gave.</summary>
    /// <param name="remainders">The values; stay the caller's.</param>
    internal virtual void PutRemainders(Tensor remainders)
    {
    }

    /// <summary>
    /// Rounds the parameters to what the file keeps, so that what runs is what is written. Whoever writes into a
    /// parameter that does not require a gradient calls this afterwards: it also forgets the decoded numbers.
    /// </summary>
    /// <exception cref="NumericalException">A parameter is NaN, infinite, or too large for the stored type.</exception>
    public abstract void RoundToStored();

    /// <summary>
    /// Multiplies the numbers, then rounds as <see cref="RoundToStored"/> does; codes stay as they are.
    /// </summary>
    /// <param name="factor">Any finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is NaN or infinite.</exception>
    /// <exception cref="NumericalException">The product is too large for the stored type.</exception>
    public virtual void Scale(double factor)
    {
        foreach (Parameter parameter in Parameters)
        {
            BlockParameter.Multiply(parameter, factor);
        }

        RoundToStored();
    }

    /// <summary>The tensors of the block under <paramref name="prefix"/>; none of an empty block.</summary>
    /// <param name="prefix">Name of the block in the checkpoint.</param>
    /// <returns>Their data bytes add up to <see cref="StoredBytes"/>.</returns>
    public IEnumerable<StoredTensor> Store(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        if (Rows * Columns == 0)
        {
            return [];
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        StoredTensor[] stored = [.. StoreBlock(prefix)];
        Array.ForEach(stored, tensor => tensor.Value.MoveToOuterDisposeScope());
        return stored;
    }

    /// <summary>Moves all tensors to a device.</summary>
    /// <param name="device">The device.</param>
    public abstract void MoveTo(Device device);

    /// <summary>Releases all tensors.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The tensors of a block that is not empty; runs without gradients and inside a dispose scope.</summary>
    /// <param name="prefix">Name of the block in the checkpoint.</param>
    /// <returns>Tensors on the CPU, which share no memory with the block.</returns>
    protected abstract IEnumerable<StoredTensor> StoreBlock(string prefix);

    /// <summary>Releases all tensors.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
