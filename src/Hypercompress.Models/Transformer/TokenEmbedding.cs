using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// The input of the first layer: embeddings of the tokens, and learned positions where there are such.
/// </summary>
/// <param name="config">Sizes and choices.</param>
/// <param name="embedding">The table of the tokens.</param>
/// <param name="positions">The learned positions, row by row; null when there are none.</param>
internal sealed class TokenEmbedding(DecoderConfig config, WeightSlot embedding, VectorSlot? positions)
{
    /// <summary>Embeds the tokens of a pass.</summary>
    /// <param name="ids">int64 [batch, tokens].</param>
    /// <param name="pass">The pass.</param>
    /// <param name="tree">What follows what when the tokens branch, or null.</param>
    /// <param name="device">Where the model computes.</param>
    /// <returns>float32 [batch, tokens, hidden]; belongs to the current dispose scope.</returns>
    /// <exception cref="ConfigurationException">The sequence exceeds the learned positions.</exception>
    public Tensor Apply(Tensor ids, ForwardPass pass, TokenTree? tree, Device device)
    {
        Tensor gathered = embedding.Matrix.Gather(ids);
        pass.Tap?.OnGathered(embedding, ids, gathered);
        Tensor scaled = config.EmbeddingScale == 1 ? gathered : gathered * config.EmbeddingScale;
        return positions is null ? scaled : scaled + LearnedPositions(positions, pass, tree, device);
    }

    private Tensor LearnedPositions(VectorSlot learned, ForwardPass pass, TokenTree? tree, Device device)
    {
        long last = tree?.Depth ?? pass.Start + pass.Count;
        if (last > config.MaxPositions)
        {
            throw new ConfigurationException(
                $"a sequence of {last} tokens exceeds the {config.MaxPositions} positions that the model has learned; "
                + "give fewer");
        }

        using var scope = NewDisposeScope();
        Tensor table = learned.Value.view(config.MaxPositions, config.HiddenSize);
        Tensor rows = tree is null
            ? table.narrow(0, pass.Start, pass.Count)
            : table.index_select(0, tree.Positions(device).narrow(0, pass.Start, pass.Count));
        return rows.MoveToOuterDisposeScope();
    }
}
