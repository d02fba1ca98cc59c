using Hypercompress.Models.Errors;
using TorchSharp;
using TorchSharp.Modules;

namespace Hypercompress.NumberFormats;

/// <summary>
/// A block of numbers [<see cref="Rows"/>, <see cref="Columns"/>] in a <see cref="ValueFormat"/>: what every form keeps
/// its factors, sparse values and codes in. Floating-point values train as they are; of integer codes only the scales
/// and minimums train.
/// </summary>
public abstract class StoredValues : IDisposable
{
    /// <summary>The number format.</summary>
    public abstract ValueFormat Format { get; }

    /// <summary>Rows of the block.</summary>
    public abstract long Rows { get; }

    /// <summary>Columns of the block.</summary>
    public abstract long Columns { get; }

    /// <summary>Exact bytes in the file.</summary>
    public long StoredBytes => Format.StoredBytes(Rows, Columns);

    /// <summary>What training may change.</summary>
    public abstract IEnumerable<Parameter> Parameters { get; }

    /// <summary>
    /// The numbers, float32 [rows, columns]. While a parameter requires a gradient they are computed from the
    /// parameters in every call and the caller's scope owns them; otherwise they are decoded once and owned by the
    /// block.
    /// </summary>
    /// <returns>A tensor that the caller does not dispose itself.</returns>
    public abstract torch.Tensor Value();

    /// <summary>
    /// Rounds the parameters to what the file keeps, so that what runs is what is written. Whoever writes into a
    /// parameter that does not require a gradient calls this afterwards: it also forgets the decoded numbers.
    /// </summary>
    /// <exception cref="NumericalException">A parameter is NaN, infinite, or too large for the stored type.</exception>
    public abstract void RoundToStored();

    /// <summary>Multiplies the numbers, then rounds as <see cref="RoundToStored"/> does; codes stay as they are.</summary>
    /// <param name="factor">Any finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is NaN or infinite.</exception>
    /// <exception cref="NumericalException">The product is too large for the stored type.</exception>
    public abstract void Scale(double factor);

    /// <summary>The tensors of the block under <paramref name="prefix"/>.</summary>
    /// <param name="prefix">Name of the block in the checkpoint.</param>
    /// <returns>Their data bytes add up to <see cref="StoredBytes"/>.</returns>
    public abstract IEnumerable<StoredTensor> Store(string prefix);

    /// <summary>Moves all tensors to a device.</summary>
    /// <param name="device">Where to.</param>
    public abstract void MoveTo(torch.Device device);

    /// <summary>Releases all tensors.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases all tensors.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
