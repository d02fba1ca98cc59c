using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Reading;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Packages.Inventory;

/// <summary>Compares the output projection with the embedding that a configuration says it is tied to.</summary>
internal static class TiedHead
{
    /// <summary>Whether a tied model stores an output projection that is not its embedding.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="source">Its checkpoint; both tensors are read when both are there.</param>
    /// <returns>False when the configuration does not tie, or one of the two is absent.</returns>
    /// <exception cref="Errors.CheckpointException">One of them cannot be read.</exception>
    public static bool Contradicts(DecoderConfig config, ITensorSource source)
    {
        var finder = new TensorFinder(config.Family.HuggingFaceKeys, source);
        return config.TieEmbeddings
            && finder.Embedding is { } embedding
            && finder.Head is { } head
            && (!embedding.Shape.SequenceEqual(head.Shape) || AreDifferent(source, embedding, head));
    }

    private static bool AreDifferent(ITensorSource source, TensorInfo first, TensorInfo second)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor one = source.Read(first.Name);
        Tensor other = source.Read(second.Name);
        return one.dtype == other.dtype
            ? !one.eq(other).all().ToBoolean()
            : !one.to(ScalarType.Float32).eq(other.to(ScalarType.Float32)).all().ToBoolean();
    }
}
