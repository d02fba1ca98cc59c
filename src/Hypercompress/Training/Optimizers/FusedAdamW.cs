using Hypercompress.Journal;
using Hypercompress.Training.States;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) with β = (0.9, 0.95), ε = 1e-8 and bias correction, by libtorch's fused kernel:
/// one pass over parameter, gradient and moments. Only matrices decay.
/// </summary>
internal sealed class FusedAdamW : IOptimizer
{
    // The kernel is not in TorchSharp's API; TorchScript reaches it. A source that does not compile may end the
    // process, so it is a constant, and a test runs it. The lists have to be arguments: TorchScript drops the call as
    // dead code when they are built inside.
    private const string Source = """
        def step(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor],
                 lr: float, decay: float):
          none: List[Tensor] = []
          torch._fused_adamw_(p, g, m, v, none, t, lr=lr, beta1=0.9, beta2=0.95,
                              weight_decay=decay, eps=1e-8, amsgrad=False, maximize=False)
          return t[0]

        """;

    private const string Kept = "moments.";
    private readonly jit.CompilationUnit _kernel = jit.compile(Source);
    private readonly List<Moments> _moments;
    private readonly double _decay;

    /// <summary>Starts with moments of zero.</summary>
    /// <param name="parameters">What is trained; owned by the model.</param>
    /// <param name="decay">Decoupled weight decay of matrices.</param>
    public FusedAdamW(IEnumerable<Parameter> parameters, double decay)
    {
        _decay = decay;
        _moments = [.. parameters.Select(parameter => new Moments(parameter))];
    }

    /// <inheritdoc/>
    public void ZeroGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var moments in _moments)
        {
            moments.Parameter.grad?.zero_();
        }
    }

    /// <inheritdoc/>
    public double Clip(double limit) =>
        nn.utils.clip_grad_norm_([.. _moments.Select(moments => moments.Parameter)], limit);

    /// <inheritdoc/>
    public void Step(double learningRate, double? vectorShare = null)
    {
        using var noGrad = no_grad();
        Step(_moments.Where(moments => moments.Parameter.dim() > 1), learningRate, _decay);
        if (vectorShare is not { } share)
        {
            Step(_moments.Where(moments => moments.Parameter.dim() <= 1), learningRate, 0);
            return;
        }

        foreach (Moments moments in _moments.Where(moments => moments.Parameter.dim() <= 1))
        {
            Step([moments], share * moments.MeanMagnitude, 0);
        }
    }

    /// <inheritdoc/>
    public void Keep(EntryDraft draft) => TensorState.Write(draft, Kept, MomentTensors);

    /// <inheritdoc/>
    public void GoOn(JournalEntry entry) => TensorState.Read(entry, Kept, MomentTensors);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var moments in _moments)
        {
            moments.Dispose();
        }

        _kernel.Dispose();
    }

    private IEnumerable<Tensor> MomentTensors =>
        _moments.SelectMany(moments => (Tensor[])[moments.First, moments.Second, moments.Steps]);

    private void Step(IEnumerable<Moments> group, double learningRate, double decay)
    {
        using var scope = NewDisposeScope();
        var ready = group.Select(moments => (Moments: moments, Gradient: moments.Parameter.grad))
            .Where(pair => pair.Gradient is not null).ToArray();
        if (ready.Length == 0)
        {
            return;
        }

        foreach (var (moments, _) in ready)
        {
            moments.Steps.add_(1);
        }

        // Numbers that the call would wrap itself may be collected while native code reads them.
        using var rate = learningRate.ToScalar();
        using var fall = decay.ToScalar();
        _kernel.invoke<Tensor>(
            "step",
            ready.Select(pair => (Tensor)pair.Moments.Parameter).ToArray(),
            ready.Select(pair => pair.Gradient!).ToArray(),
            ready.Select(pair => pair.Moments.First).ToArray(),
            ready.Select(pair => pair.Moments.Second).ToArray(),
            ready.Select(pair => pair.Moments.Steps).ToArray(),
            rate,
            fall);
    }

    private sealed class Moments(Parameter parameter) : IDisposable
    {
        public Parameter Parameter { get; } = parameter;

        public Tensor First { get; } = Zeros(parameter);

        public Tensor Second { get; } = Zeros(parameter);

        /// <summary>Mean magnitude of the values before training.</summary>
        public double MeanMagnitude { get; } = Mean(parameter);

        public Tensor Steps { get; } = zeros([], device: parameter.device).DetachFromDisposeScope();

        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
            Steps.Dispose();
        }

        private static double Mean(Parameter parameter)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            return parameter.abs().mean().item<float>();
        }

        private static Tensor Zeros(Parameter parameter)
        {
            using var noGrad = no_grad();
            return zeros(parameter.shape, device: parameter.device).DetachFromDisposeScope();
        }
    }
}
