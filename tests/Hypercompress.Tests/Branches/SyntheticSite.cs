using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches;

/// <summary>A small problem with correlated inputs, unequal output weights and a decaying spectrum.</summary>
internal sealed class SyntheticSite : IDisposable
{
    private readonly InputMoment _moment;
    private readonly Tensor _weights;
    private readonly OutputMoment? _outputs;

    public SyntheticSite(
        long rows, long columns, int seed = 1, WeightSlotKind kind = WeightSlotKind.Linear,
        bool correlatedOutputs = false)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        Tensor decay = (arange(columns, dtype: ScalarType.Float64) / 8).neg().exp() + 0.05;
        Tensor mix = randn(columns, columns, dtype: ScalarType.Float64, generator: generator);
        Tensor inputs = randn(8 * columns, columns, dtype: ScalarType.Float64, generator: generator) * decay;
        inputs = inputs.matmul(mix);
        _moment = new InputMoment(
            (inputs.t().matmul(inputs) / inputs.shape[0]).DetachFromDisposeScope(), inputs.shape[0]);
        _weights = (randn(rows, dtype: ScalarType.Float64, generator: generator).exp() * 1e-3).DetachFromDisposeScope();
        Tensor target = randn(rows, columns, generator: generator) * 0.05f;
        if (correlatedOutputs)
        {
            Tensor gradients = randn(rows, rows, dtype: ScalarType.Float64, generator: generator) * _weights.sqrt();
            _outputs = new OutputMoment(gradients.t().matmul(gradients) / rows, _weights, shrinkage: 0.3);
        }

        Problem = new SiteProblem(
            new Site("synthetic", kind, 0, rows, columns), target.DetachFromDisposeScope(), _moment, _weights,
            outputs: _outputs);
    }

    public SiteProblem Problem { get; }

    public void Dispose()
    {
        Problem.Dispose();
        _moment.Dispose();
        _weights.Dispose();
        _outputs?.Dispose();
    }
}
