using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Distillation;

/// <summary>
/// What is kept of a teacher's predictions: at every position the most probable tokens, and the probability of all
/// others together.
/// </summary>
/// <param name="Tokens">int64 [positions, kept], the most probable first.</param>
/// <param name="LogProbabilities">
/// float32 [positions, kept + 1]: of these tokens, then of all others together; they sum to one.
/// </param>
internal sealed record TeacherPredictions(Tensor Tokens, Tensor LogProbabilities)
{
    // Below, the logarithm of what is left of one is noise in float32.
    private const double LeastRest = 1e-6;

    // Of a position: 64 tokens of a vocabulary that 16 bits number.
    private const int MostBytes = 258;

    /// <summary>How many tokens are kept, so that a position takes at most 258 bytes.</summary>
    /// <param name="vocabulary">Number of tokens.</param>
    /// <returns>64, or 42 where ids need 32 bits; fewer than the vocabulary.</returns>
    public static int CountFor(int vocabulary) =>
        Math.Min(vocabulary - 1, (MostBytes - sizeof(ushort)) / (BytesOfId(vocabulary) + sizeof(ushort)));

    /// <summary>Bytes of a token's id.</summary>
    /// <param name="vocabulary">Number of tokens.</param>
    /// <returns>2 or 4.</returns>
    public static int BytesOfId(int vocabulary) => vocabulary <= ushort.MaxValue + 1 ? sizeof(ushort) : sizeof(int);

    /// <summary>Keeps the best of some logits.</summary>
    /// <param name="logits">float32 [positions, vocabulary].</param>
    /// <returns>The predictions, in the caller's scope.</returns>
    public static TeacherPredictions Of(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        (_, Tensor tokens) = logits.topk(CountFor((int)logits.shape[^1]));
        return new TeacherPredictions(tokens, Condense(logits, tokens));
    }

    /// <summary>The same predictions of another model: those tokens, and all others together.</summary>
    /// <param name="logits">float32 [positions, vocabulary]; gradients flow through.</param>
    /// <param name="tokens">int64 [positions, kept].</param>
    /// <returns>Log-probabilities [positions, kept + 1], in the caller's scope.</returns>
    public static Tensor Condense(Tensor logits, Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Tensor kept = logits.gather(1, tokens) - logits.logsumexp(1, keepdim: true);
        Tensor rest = (1 - kept.exp().sum(dim: 1, keepdim: true)).clamp_min(LeastRest).log();
        return cat([kept, rest], 1);
    }
}
