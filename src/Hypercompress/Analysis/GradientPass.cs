using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// Gradients at the outputs of all sites, one layer at a time: forward, the state before every layer is kept; backward,
/// each layer is computed once more from it. So the activations and weights of one layer are in memory at a time.
/// </summary>
/// <remarks>Gradient checkpointing, Chen et al., arXiv 1604.06174, with a checkpoint at every layer.</remarks>
/// <param name="teacher">The model.</param>
/// <param name="fisher">Takes the gradients.</param>
/// <param name="head">Gives the gradient at the hidden states.</param>
/// <param name="steps">Counts what is done.</param>
internal sealed class GradientPass(DecoderModel teacher, FisherTap fisher, HeadPass head, CalibrationSteps steps)
{
    // Batches go through a layer together as long as their kept states are no larger, since the layer may have to be
    // read from a file each time.
    private const long KeptBytes = 256L << 20;

    /// <summary>Reads text.</summary>
    /// <param name="batches">Batches of token windows.</param>
    /// <param name="batchTokens">Most tokens of a batch.</param>
    internal void Run(IReadOnlyList<NumberedBatch> batches, int batchTokens)
    {
        long perToken = sizeof(float) * (long)teacher.Config.HiddenSize * teacher.Config.Layers;
        long most = long.Max(1, KeptBytes / (perToken * batchTokens));
        foreach (NumberedBatch[] group in batches.Chunk((int)long.Min(most, int.MaxValue)))
        {
            Read(group);
        }
    }

    private void Read(NumberedBatch[] batches)
    {
        using var scope = NewDisposeScope();
        Tensor[] ids = [.. batches.Select(batch => WindowBatches.Ids(batch.Windows, teacher.Device))];
        List<Tensor[]> before = Forward(ids);
        Tensor[] gradients =
            [.. before[^1].Zip(batches, (states, batch) => GradientAfterLayers(states, batch.FirstWindow))];
        for (int layer = teacher.Config.Layers - 1; layer >= 0; layer--)
        {
            Release(before[layer + 1]);
            for (int batch = 0; batch < ids.Length; batch++)
            {
                gradients[batch] = Backward(layer, before[layer][batch], gradients[batch], batches[batch].FirstWindow);
                steps.EndLayer(ids[batch].numel());
            }
        }

        for (int batch = 0; batch < ids.Length; batch++)
        {
            using var inner = NewDisposeScope();
            fisher.BackwardToEmbedding(teacher.Enter(ids[batch], fisher), gradients[batch]);
        }
    }

    // The states before every layer and after the last one, by batch.
    private List<Tensor[]> Forward(Tensor[] ids)
    {
        using var noGrad = no_grad();
        List<Tensor[]> states = [[.. ids.Select(batch => teacher.Enter(batch))]];
        for (int layer = 0; layer < teacher.Config.Layers; layer++)
        {
            steps.Begin();
            states.Add([.. states[layer].Select(batch => teacher.RunLayer(layer, batch))]);
        }

        return states;
    }

    private Tensor GradientAfterLayers(Tensor states, long firstWindow)
    {
        using var scope = NewDisposeScope();
        Tensor input = states.detach().requires_grad_(true);
        Tensor hidden = teacher.Leave(input);
        return autograd.grad([hidden], [input], [head.Gradient(hidden, firstWindow)])[0].MoveToOuterDisposeScope();
    }

    private Tensor Backward(int layer, Tensor before, Tensor gradient, long firstWindow)
    {
        steps.Begin();
        using var scope = NewDisposeScope();
        using Tensor after = gradient;
        Tensor input = before.detach().requires_grad_(true);
        Tensor output = teacher.RunLayer(layer, input, fisher);
        return fisher.Backward(output, after, input, firstWindow).MoveToOuterDisposeScope();
    }

    private static void Release(Tensor[] states) => Array.ForEach(states, batch => batch.Dispose());
}
