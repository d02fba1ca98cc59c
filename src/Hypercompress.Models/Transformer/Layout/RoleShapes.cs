using Hypercompress.Models.Architectures;

namespace Hypercompress.Models.Transformer.Layout;

/// <summary>The shapes of what a decoder is made of.</summary>
/// <param name="config">Its sizes.</param>
internal sealed class RoleShapes(DecoderConfig config)
{
    /// <summary>Rows of a matrix, or values of a norm.</summary>
    /// <param name="role">What it is for.</param>
    public long Rows(TensorRole role) => role switch
    {
        TensorRole.Embedding or TensorRole.Head => config.VocabularySize,
        TensorRole.Positions => config.MaxPositions,
        TensorRole.Query => config.QueryRows,
        TensorRole.Key or TensorRole.Value => config.KeyRows,
        TensorRole.Gate or TensorRole.Up => config.IntermediateSize,
        TensorRole.QueryNorm => config.Family.NormalizesWholeRows ? config.QueryRows : config.HeadDimension,
        TensorRole.KeyNorm => config.Family.NormalizesWholeRows ? config.KeyRows : config.HeadDimension,
        _ => config.HiddenSize,
    };

    /// <summary>Columns of a matrix.</summary>
    /// <param name="role">What it is for.</param>
    public long Columns(TensorRole role) => role switch
    {
        TensorRole.AttentionOutput => config.QueryRows,
        TensorRole.Down => config.IntermediateSize,
        _ => config.HiddenSize,
    };

    /// <summary>Heads that a matrix's rows are divided into.</summary>
    /// <param name="role">Query, key or value.</param>
    public long Heads(TensorRole role) => role == TensorRole.Query ? config.Heads : config.KeyValueHeads;
}
