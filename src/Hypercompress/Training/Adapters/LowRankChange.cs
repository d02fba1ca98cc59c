using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training.Adapters;

/// <summary>
/// The change of a matrix W [m, n] as a product of B [m, r] and A [r, n] (Hu et al., LoRA, arXiv 2106.09685). It is
/// part of W at any time, so that it takes no bytes and needs no merging. B begins with zeros, A with normal numbers
/// of variance 1/r: a step that moves B by so much moves W by about as much, whatever the rank.
/// </summary>
internal sealed class LowRankChange : IDisposable
{
    private readonly Parameter _matrix;
    private readonly Tensor _earlierUp;
    private readonly Tensor _earlierDown;

    /// <summary>Begins a change.</summary>
    /// <param name="matrix">W; owned by the model.</param>
    /// <param name="rank">r, from 1 to the smaller side of W.</param>
    /// <param name="random">Draws A.</param>
    public LowRankChange(Parameter matrix, int rank, Generator random)
    {
        using var noGrad = no_grad();
        (_matrix, Rank) = (matrix, rank);
        Up = Made(zeros(matrix.shape[0], rank, device: matrix.device));
        Down = Made(zeros(rank, matrix.shape[1], device: matrix.device));
        _earlierUp = zeros_like(Up).DetachFromDisposeScope();
        _earlierDown = zeros_like(Down).DetachFromDisposeScope();
        Begin(random);
    }

    /// <summary>The rank.</summary>
    public int Rank { get; }

    /// <summary>B.</summary>
    public Parameter Up { get; }

    /// <summary>A.</summary>
    public Parameter Down { get; }

    /// <summary>Begins anew; what was changed stays changed.</summary>
    /// <param name="random">Draws A.</param>
    public void Begin(Generator random)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Up.zero_();
        Down.copy_(randn(Down.shape, generator: random).div_(Math.Sqrt(Rank)));
    }

    /// <summary>Turns the gradient of W into those of A and B.</summary>
    public void TakeGradient()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (_matrix.grad is { } gradient)
        {
            Up.grad!.copy_(gradient.matmul(Down.t()));
            Down.grad!.copy_(Up.t().matmul(gradient));
        }
    }

    /// <summary>Keeps A and B as they are before a step.</summary>
    public void Remember()
    {
        using var noGrad = no_grad();
        _earlierUp.copy_(Up);
        _earlierDown.copy_(Down);
    }

    /// <summary>Moves W by what a step changed in the product.</summary>
    public void Apply()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _matrix.add_(Up.matmul(Down)).sub_(_earlierUp.matmul(_earlierDown));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Up.Dispose();
        Down.Dispose();
        _earlierUp.Dispose();
        _earlierDown.Dispose();
    }

    private static Parameter Made(Tensor values)
    {
        // The parameter takes the tensor over.
        var parameter = new Parameter(values);
        parameter.DetachFromDisposeScope();
        using Tensor gradient = zeros_like(parameter);
        parameter.grad = gradient;
        return parameter;
    }
}
