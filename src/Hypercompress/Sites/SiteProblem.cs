using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// The problem that every method solves at a site: approximate the target T [m, n] so that the error
/// J(W') = ½ tr[G (T − W') H (T − W')ᵀ] is small, with H the second moment of the inputs and G the second moment of the
/// gradients of the model's log-likelihood at the outputs (Fisher), or its diagonal g alone. J is the expected loss in
/// nats per token, to second order, so errors of different sites add up.
/// </summary>
public sealed class SiteProblem : IDisposable
{
    private readonly bool _ownsTarget;
    private readonly IDisposable?[] _kept = [];

    /// <summary>Poses a problem.</summary>
    /// <param name="site">The site.</param>
    /// <param name="target">float32 [m, n]; owned from here on when <paramref name="ownsTarget"/> is set.</param>
    /// <param name="inputs">H; shared between problems, not owned.</param>
    /// <param name="outputWeights">g, float64 [m], positive; not owned.</param>
    /// <param name="ownsTarget">Whether disposing the problem disposes the target.</param>
    /// <param name="outputs">
    /// G, of which g is the diagonal; not owned. Null: errors of different outputs do not interact.
    /// </param>
    public SiteProblem(
        Site site,
        Tensor target,
        InputMoment inputs,
        Tensor outputWeights,
        bool ownsTarget = true,
        OutputMoment? outputs = null)
    {
        (Site, Target, Inputs, OutputWeights, _ownsTarget) = (site, target, inputs, outputWeights, ownsTarget);
        Outputs = outputs;
    }

    /// <summary>
    /// Poses a problem on inputs that are in memory, and with an output moment that is its own, as long as it lives.
    /// </summary>
    internal SiteProblem(Site site, Tensor target, MomentLease inputs, Tensor outputWeights, OutputMoment? outputs)
        : this(site, target, inputs.Moment, outputWeights, outputs: outputs) => _kept = [inputs, outputs];

    // Another target and other inputs, with the outputs of a problem that is kept until then.
    private SiteProblem(SiteProblem plain, Tensor target, InputMoment inputs)
        : this(plain.Site, target, inputs, plain.OutputWeights, ownsTarget: false, plain.Outputs) => _kept = [plain];

    /// <summary>The site.</summary>
    public Site Site { get; }

    /// <summary>T, float32 [m, n].</summary>
    public Tensor Target { get; }

    /// <summary>H.</summary>
    public InputMoment Inputs { get; }

    /// <summary>g, float64 [m].</summary>
    public Tensor OutputWeights { get; }

    /// <summary>G, or null where it is diag(g).</summary>
    public OutputMoment? Outputs { get; }

    /// <summary>J of an approximation.</summary>
    /// <param name="approximation">float32 [m, n].</param>
    /// <returns>Nats per token; 0 is exact.</returns>
    public double Error(Tensor approximation)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Quadratic((first, count) => Target.narrow(0, first, count) - approximation.narrow(0, first, count));
    }

    /// <summary>J of leaving the matrix out altogether.</summary>
    /// <returns>Nats per token.</returns>
    public double Energy()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Quadratic((first, count) => Target.narrow(0, first, count));
    }

    /// <summary>The same problem with another target, as an alternating solver needs it.</summary>
    /// <param name="target">float32 [m, n]; owned by the new problem.</param>
    /// <returns>A problem that shares H and G with this one, and must not outlive it.</returns>
    public SiteProblem WithTarget(Tensor target) => new(Site, target, Inputs, OutputWeights, outputs: Outputs);

    /// <summary>The same outputs with other inputs: those after a compressed prefix.</summary>
    /// <param name="target">float32 [m, n]; not owned.</param>
    /// <param name="inputs">H; not owned.</param>
    /// <returns>A problem that owns this one.</returns>
    internal SiteProblem WithDriftedInputs(Tensor target, InputMoment inputs) => new(this, target, inputs);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsTarget)
        {
            Target.Dispose();
        }

        Array.ForEach(_kept, kept => kept?.Dispose());
    }

    // The product runs in float32: the measure needs four digits, the factorizations alone need float64.
    private double Quadratic(Func<long, long, Tensor> difference)
    {
        Tensor moment = Inputs.Moment.to(ScalarType.Float32);
        (long rows, long columns) = (Target.shape[0], Target.shape[1]);
        if (Outputs is not null)
        {
            Tensor whole = difference(0, rows);
            Tensor onOutputs = Outputs.Moment.to(ScalarType.Float32).matmul(whole);
            return 0.5 * (whole.matmul(moment) * onOutputs).sum(type: ScalarType.Float64).item<double>();
        }

        Tensor perRow = RowParts.PerRow(rows, columns, (first, count) =>
        {
            Tensor part = difference(first, count);
            return (part.matmul(moment) * part).sum(1, type: ScalarType.Float64);
        });
        return 0.5 * (perRow * OutputWeights).sum().item<double>();
    }
}
