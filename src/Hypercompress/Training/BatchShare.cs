using Hypercompress.Models.Transformer;
using Hypercompress.Processes;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// The part of every batch that this process reads, and the sums over all processes: each of them takes the same step
/// then.
/// </summary>
/// <param name="processes">The processes.</param>
internal sealed class BatchShare(IProcessGroup processes)
{
    /// <summary>Adds the gradient of the windows of this process.</summary>
    /// <param name="objective">The loss.</param>
    /// <param name="model">The model that is trained.</param>
    /// <param name="windows">The whole batch, int64 [batch, length + 1].</param>
    /// <param name="weight">Factor of the gradient of the whole batch.</param>
    /// <returns>What this process adds to the mean loss of the batch.</returns>
    public double Accumulate(ITrainingObjective objective, DecoderModel model, Tensor windows, double weight)
    {
        if (processes.Size == 1)
        {
            return objective.Accumulate(model, windows, weight);
        }

        // A process without a window of its own still needs gradients, of zero.
        long batch = windows.shape[0];
        long first = processes.Rank < batch ? processes.Rank : 0;
        using Tensor own = windows.slice(0, first, batch, processes.Size).contiguous();
        double share = processes.Rank < batch ? (double)own.shape[0] / batch : 0;
        return share * objective.Accumulate(model, own, share * weight);
    }

    /// <summary>Adds up gradients and loss of all processes; done by all.</summary>
    /// <param name="trained">What is trained.</param>
    /// <param name="loss">What this process adds to the loss.</param>
    /// <returns>The loss.</returns>
    public double Gather(IEnumerable<Tensor> trained, double loss)
    {
        if (processes.Size == 1)
        {
            return loss;
        }

        using var scope = NewDisposeScope();
        foreach (Tensor gradient in trained.Select(tensor => tensor.grad).OfType<Tensor>())
        {
            processes.Sum(gradient);
        }

        return processes.Sum(loss);
    }
}
