using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// The training of a form that begins with more than its plan keeps, up to the original matrix, and ends with exactly
/// what the plan keeps. Until it is disposed, the form has parameters of the training in place of its own.
/// </summary>
internal abstract class GradualTraining : IDisposable
{
    /// <summary>
    /// What decides, beside the parameters, which matrix this is: choices so far and how they came about. Whoever
    /// copies values into these tensors goes back to the state that they are of.
    /// </summary>
    public abstract IReadOnlyList<Tensor> State { get; }

    /// <summary>Takes notice of the gradients of a step, which the next choice is made by.</summary>
    public abstract void Observe();

    /// <summary>Chooses anew what is kept.</summary>
    /// <param name="share">
    /// Share of what lies beyond the plan that is kept too, from 1 (the original matrix) to 0 (the plan).
    /// </param>
    public abstract void Choose(double share);

    /// <summary>Gives the form what was chosen and learned; the share must be 0.</summary>
    public abstract void Finish();

    /// <summary>Releases the state; the form goes on with what it has.</summary>
    public abstract void Dispose();
}
