using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// The training of a block whose values are codes: latents that gradients move, rounded to codes in every step (the
/// straight-through estimator, Bengio et al., arXiv 1308.3432), so that the values are always those of the codes.
/// </summary>
public abstract class CodeTraining : IDisposable
{
    /// <summary>The tensors that require gradients; owned by the training.</summary>
    public abstract IReadOnlyList<Tensor> Leaves { get; }

    /// <summary>The values of the codes; gradients flow to <see cref="Leaves"/>.</summary>
    /// <returns>float32 [rows, columns], of the caller's scope or a leaf; the caller does not dispose it.</returns>
    public abstract Tensor Value();

    /// <summary>Whether codes move, and not only their scales.</summary>
    public virtual bool MovesCodes => true;

    /// <summary>The highest learning rates that suit such codes, where nothing else is asked for.</summary>
    /// <param name="divergence">
    /// Divergence of the student from the teacher at the start, nats per token; 0 without a teacher.
    /// </param>
    /// <returns>The rates.</returns>
    public abstract CodeStep DefaultRates(double divergence);

    /// <summary>Moves latents and scales along the gradients of <see cref="Leaves"/>, and rounds anew.</summary>
    /// <param name="step">Learning rates and number of the step.</param>
    public abstract void Step(CodeStep step);

    /// <summary>Counts the codes, and adjusts the price of a bit so that the bytes are met.</summary>
    public abstract void Recount();

    /// <summary>Remembers latents and scales.</summary>
    public abstract void Save();

    /// <summary>Goes back to what was remembered last, with moments of zero.</summary>
    public abstract void Restore();

    /// <summary>Chooses codes that fit into the bytes of the format; from here on only scales move.</summary>
    public abstract void Close();

    /// <summary>All that the training has become since it started, to go on with later.</summary>
    /// <returns>Tensors by name, which stay the training's; null where it cannot be kept.</returns>
    internal virtual IReadOnlyDictionary<string, Tensor>? State() => null;

    /// <summary>Goes on from a state, at a block as it was when the training started.</summary>
    /// <param name="state">What <see cref="State"/> gave; stays the caller's.</param>
    internal virtual void GoOn(IReadOnlyDictionary<string, Tensor> state) =>
        throw new NotSupportedException("this training keeps no state");

    /// <summary>Releases the state; the block keeps the codes and scales of the last step.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the state.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
