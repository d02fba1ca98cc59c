using Hypercompress.Journal;
using Hypercompress.Training.States;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training.Optimizers;

/// <summary>
/// Adafactor (Shazeer and Stern, arXiv 1804.04235) without a first moment: the second moment of a matrix's gradient is
/// kept as the product of its means over rows and over columns, with the decay 1 − t^(−0.8), and an update whose root
/// mean square exceeds 1 is scaled down to it. Only matrices decay. Learning rates are those of Adam.
/// </summary>
internal sealed class Adafactor : IOptimizer
{
    private const double DecayPower = 0.8;
    private const double LeastSquare = 1e-30;
    private const double LargestUpdate = 1;
    private const string Kept = "factors.";
    private readonly List<Factors> _factors;
    private readonly double _decay;

    /// <summary>Starts without a past.</summary>
    /// <param name="parameters">What is trained; owned by the model.</param>
    /// <param name="decay">Decoupled weight decay of matrices.</param>
    public Adafactor(IEnumerable<Parameter> parameters, double decay)
    {
        _decay = decay;
        _factors = [.. parameters.Select(parameter => new Factors(parameter))];
    }

    /// <summary>Numbers that it remembers.</summary>
    internal long Remembered => State.Sum(tensor => tensor.NumberOfElements);

    /// <inheritdoc/>
    public void ZeroGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _factors.ForEach(factors => factors.Parameter.grad?.zero_());
    }

    /// <inheritdoc/>
    public double Clip(double limit) =>
        nn.utils.clip_grad_norm_([.. _factors.Select(factors => factors.Parameter)], limit);

    /// <inheritdoc/>
    public void Step(double learningRate, double? vectorShare = null)
    {
        using var noGrad = no_grad();
        foreach (Factors factors in _factors)
        {
            using var scope = NewDisposeScope();
            if (factors.Parameter.grad is { } gradient)
            {
                bool isMatrix = factors.Parameter.dim() > 1;
                double rate = isMatrix || vectorShare is not { } share ? learningRate : share * factors.MeanMagnitude;
                factors.Move(gradient, rate, isMatrix ? _decay : 0);
            }
        }
    }

    /// <inheritdoc/>
    public void Keep(EntryDraft draft) => TensorState.Write(draft, Kept, State);

    /// <inheritdoc/>
    public void GoOn(JournalEntry entry) => TensorState.Read(entry, Kept, State);

    /// <inheritdoc/>
    public void Dispose() => _factors.ForEach(factors => factors.Dispose());

    private IEnumerable<Tensor> State => _factors.SelectMany(factors => factors.State);

    private sealed class Factors : IDisposable
    {
        private readonly Tensor _rows;
        private readonly Tensor? _columns;
        private readonly Tensor _steps;

        public Factors(Parameter parameter)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            Parameter = parameter;
            MeanMagnitude = parameter.abs().mean().item<float>();
            _rows = zeros(parameter.shape[0], device: parameter.device).DetachFromDisposeScope();
            _columns = parameter.dim() > 1
                ? zeros(parameter.shape[1], device: parameter.device).DetachFromDisposeScope()
                : null;
            _steps = zeros([], device: parameter.device).DetachFromDisposeScope();
        }

        public Parameter Parameter { get; }

        /// <summary>Mean magnitude of the values before training.</summary>
        public double MeanMagnitude { get; }

        public IEnumerable<Tensor> State => _columns is null ? [_rows, _steps] : [_rows, _columns, _steps];

        // In the caller's scope, without gradients.
        public void Move(Tensor gradient, double rate, double decay)
        {
            _steps.add_(1);
            double kept = 1 - Math.Pow(_steps.item<float>(), -DecayPower);
            Tensor squares = gradient.square() + LeastSquare;
            Tensor update = gradient * Sizes(squares, kept).rsqrt();
            double size = update.square().mean().sqrt().item<float>() / LargestUpdate;
            Parameter.mul_(1 - (rate * decay)).add_(update, -rate / Math.Max(1, size));
        }

        public void Dispose()
        {
            foreach (Tensor tensor in State)
            {
                tensor.Dispose();
            }
        }

        // Second moments of the gradient, of its shape.
        private Tensor Sizes(Tensor squares, double kept)
        {
            if (_columns is null)
            {
                return _rows.mul_(kept).add_(squares, 1 - kept);
            }

            _rows.mul_(kept).add_(squares.mean([1]), 1 - kept);
            _columns.mul_(kept).add_(squares.mean([0]), 1 - kept);
            return outer(_rows / _rows.mean(), _columns);
        }
    }
}
