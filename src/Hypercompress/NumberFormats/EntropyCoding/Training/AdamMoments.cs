using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>The moments of Adam (Kingma and Ba, arXiv 1412.6980) for one tensor, without weight decay.</summary>
/// <param name="like">The tensor that moves.</param>
internal sealed class AdamMoments(Tensor like) : IDisposable
{
    private readonly Tensor _first = zeros_like(like).DetachFromDisposeScope();
    private readonly Tensor _second = zeros_like(like).DetachFromDisposeScope();
    private int _steps;

    /// <summary>The first moments.</summary>
    internal Tensor First => _first;

    /// <summary>The second moments.</summary>
    internal Tensor Second => _second;

    /// <summary>Moves a part of the tensor against a gradient.</summary>
    /// <param name="part">Rows of the tensor; changed.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="step">The step.</param>
    internal void Move(Tensor part, long first, Tensor gradient, LevelStep step)
    {
        using var scope = NewDisposeScope();
        Tensor mean = _first.narrow(0, first, part.shape[0]);
        Tensor square = _second.narrow(0, first, part.shape[0]);
        mean.mul_(step.FirstDecay).add_(gradient, 1 - step.FirstDecay);
        square.mul_(step.SecondDecay).addcmul_(gradient, gradient, 1 - step.SecondDecay);
        Tensor size = square.sqrt().add_(step.Epsilon);
        part.addcdiv_(mean, size, -step.Rate);
    }

    /// <summary>Begins a step.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="pressure">As in <see cref="LevelStep"/>.</param>
    internal LevelStep Advance(double rate, double pressure = 0) => LevelStep.Of(++_steps, rate, pressure);

    /// <summary>Adds the moments to a state.</summary>
    internal void Keep(Dictionary<string, Tensor> state, string name)
    {
        state.Add($"{name}.first", _first);
        state.Add($"{name}.second", _second);
        state.Add($"{name}.steps", tensor((long)_steps));
    }

    /// <summary>Takes the moments from a state.</summary>
    internal void GoOn(IReadOnlyDictionary<string, Tensor> state, string name)
    {
        _first.copy_(state[$"{name}.first"]);
        _second.copy_(state[$"{name}.second"]);
        _steps = (int)state[$"{name}.steps"].item<long>();
    }

    /// <summary>Forgets the past.</summary>
    internal void Reset()
    {
        _first.zero_();
        _second.zero_();
        _steps = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }
}
