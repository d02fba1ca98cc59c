using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>The moments of Adam (Kingma and Ba, arXiv 1412.6980) for one tensor, without weight decay.</summary>
/// <param name="like">The tensor that moves.</param>
internal sealed class AdamMoments(Tensor like) : IDisposable
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.99;
    private const double Epsilon = 1e-12;
    private readonly Tensor _first = zeros_like(like).DetachFromDisposeScope();
    private readonly Tensor _second = zeros_like(like).DetachFromDisposeScope();
    private int _steps;

    /// <summary>Moves a part of the tensor against a gradient.</summary>
    /// <param name="part">Rows of the tensor; changed.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="rate">Learning rate.</param>
    internal void Move(Tensor part, long first, Tensor gradient, double rate)
    {
        using var scope = NewDisposeScope();
        Tensor mean = _first.narrow(0, first, part.shape[0]);
        Tensor square = _second.narrow(0, first, part.shape[0]);
        mean.mul_(FirstDecay).add_(gradient, 1 - FirstDecay);
        square.mul_(SecondDecay).addcmul_(gradient, gradient, 1 - SecondDecay);
        double root = Math.Sqrt(1 - Math.Pow(SecondDecay, _steps));
        Tensor size = square.sqrt().add_(Epsilon);
        part.addcdiv_(mean, size, -rate * root / (1 - Math.Pow(FirstDecay, _steps)));
    }

    /// <summary>Begins a step.</summary>
    internal void Advance() => _steps++;

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
