using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using Hypercompress.Processes;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// Runs the output projection a few tokens at a time: draws a label from the model's own distribution at every
/// position, gives the gradient of −log p at the hidden states, and adds up p (1 − p) of every token of the vocabulary,
/// the Fisher information at the projection's outputs.
/// </summary>
/// <param name="teacher">The model.</param>
/// <param name="chunkTokens">
/// Most tokens whose logits are in memory at once; the labels that are drawn depend on it.
/// </param>
/// <param name="seed">Seed of the labels.</param>
internal sealed class HeadPass(DecoderModel teacher, int chunkTokens, int seed) : IDisposable
{
    // 2⁶⁴ / golden ratio: seeds far apart.
    private const ulong SeedStep = 0x9E3779B97F4A7C15;

    private readonly Tensor _spread = zeros(
        teacher.Config.VocabularySize, dtype: ScalarType.Float64, device: teacher.Device).DetachFromDisposeScope();

    private long _tokens;

    /// <summary>E[p_v (1 − p_v)], float64 [vocabulary], in the caller's scope.</summary>
    internal Tensor MeanSpread() => _spread / long.Max(1, _tokens);

    /// <summary>Adds what other processes have added up; done by all.</summary>
    /// <param name="processes">The processes.</param>
    internal void Gather(IProcessGroup processes)
    {
        processes.Sum(_spread);
        _tokens = (long)processes.Sum((double)_tokens);
    }

    /// <summary>The gradient of the summed −log p of drawn labels.</summary>
    /// <param name="hidden">float32 [batch, tokens, hidden].</param>
    /// <param name="firstWindow">
    /// Number of the first window of the batch: the labels depend on it and not on what was read before.
    /// </param>
    /// <returns>The same shape, in the caller's scope.</returns>
    internal Tensor Gradient(Tensor hidden, long firstWindow)
    {
        using var scope = NewDisposeScope();
        using var labels = new Generator(
            unchecked((ulong)seed + ((ulong)firstWindow * SeedStep)), teacher.Device);
        Tensor flat = hidden.detach().reshape(-1, hidden.shape[^1]);
        var parts = new List<Tensor>();
        foreach (HeadChunk chunk in HeadChunks.Cut(flat.shape[0], teacher.Config.VocabularySize, chunkTokens))
        {
            parts.Add(GradientOf(chunk.Of(flat), labels));
        }

        return cat(parts, 0).view(hidden.shape).MoveToOuterDisposeScope();
    }

    public void Dispose() => _spread.Dispose();

    private Tensor GradientOf(Tensor chunk, Generator labels)
    {
        using var scope = NewDisposeScope();
        Tensor states = chunk.clone().requires_grad_(true);
        Tensor logits = teacher.Logits(states);
        Tensor drawn = Draw(logits, labels);
        Tensor loss = nn.functional.cross_entropy(logits, drawn, reduction: nn.Reduction.Sum);
        return autograd.grad([loss], [states])[0].MoveToOuterDisposeScope();
    }

    /// <summary>
    /// (∂logit/∂output)² of the projection: a soft cap c · tanh(x / c) has the slope 1 − (logit / c)².
    /// </summary>
    private Tensor SquaredSlope(Tensor logits) => teacher.Config.LogitSoftCap is { } cap
        ? (1 - (logits / cap).square()).square()
        : ones(1, device: logits.device);

    private Tensor Draw(Tensor logits, Generator labels)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor probabilities = logits.softmax(-1);
        _spread.add_((probabilities * (1 - probabilities) * SquaredSlope(logits)).sum(0, type: ScalarType.Float64));
        _tokens += logits.shape[0];
        return multinomial(probabilities, 1, generator: labels).squeeze(1).MoveToOuterDisposeScope();
    }
}
