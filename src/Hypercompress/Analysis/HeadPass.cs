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
/// <param name="chunkTokens">Most tokens whose logits are in memory at once.</param>
/// <param name="seed">
/// Seed of the labels; those of a window depend on it and on the number of the window alone.
/// </param>
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
    /// <param name="firstWindow">Number of the first window of the batch.</param>
    /// <returns>The same shape, in the caller's scope.</returns>
    internal Tensor Gradient(Tensor hidden, long firstWindow)
    {
        using var scope = NewDisposeScope();
        Tensor flat = hidden.detach().reshape(-1, hidden.shape[^1]);
        Tensor chances = Chances(firstWindow, hidden.shape[0], hidden.shape[1]);
        var parts = new List<Tensor>();
        foreach (HeadChunk chunk in HeadChunks.Cut(flat.shape[0], teacher.Config.VocabularySize, chunkTokens))
        {
            parts.Add(GradientOf(chunk.Of(flat), chunk.Of(chances)));
        }

        return cat(parts, 0).view(hidden.shape).MoveToOuterDisposeScope();
    }

    public void Dispose() => _spread.Dispose();

    private Tensor GradientOf(Tensor chunk, Tensor chances)
    {
        using var scope = NewDisposeScope();
        Tensor states = chunk.clone().requires_grad_(true);
        Tensor logits = teacher.Logits(states);
        Tensor drawn = Draw(logits, chances);
        Tensor loss = nn.functional.cross_entropy(logits, drawn, reduction: nn.Reduction.Sum);
        return autograd.grad([loss], [states])[0].MoveToOuterDisposeScope();
    }

    /// <summary>
    /// (∂logit/∂output)² of the projection: a soft cap c · tanh(x / c) has the slope 1 − (logit / c)².
    /// </summary>
    private Tensor SquaredSlope(Tensor logits) => teacher.Config.LogitSoftCap is { } cap
        ? (1 - (logits / cap).square()).square()
        : ones(1, device: logits.device);

    // A number in [0, 1) for each position, float32 [windows · tokens].
    private Tensor Chances(long firstWindow, long windows, long tokens)
    {
        using var scope = NewDisposeScope();
        var drawn = new List<Tensor>();
        for (long window = firstWindow; window < firstWindow + windows; window++)
        {
            using var labels = new Generator(unchecked((ulong)seed + ((ulong)window * SeedStep)));
            drawn.Add(rand([tokens], generator: labels));
        }

        return cat(drawn, 0).to(teacher.Device).MoveToOuterDisposeScope();
    }

    // The token at which the sum of the probabilities passes the number that was drawn.
    private Tensor Draw(Tensor logits, Tensor chances)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor probabilities = logits.softmax(-1);
        _spread.add_((probabilities * (1 - probabilities) * SquaredSlope(logits)).sum(0, type: ScalarType.Float64));
        _tokens += logits.shape[0];
        Tensor sums = probabilities.cumsum(-1);
        Tensor wanted = chances.unsqueeze(1) * sums.narrow(1, sums.shape[1] - 1, 1);
        return searchsorted(sums, wanted, right: true).squeeze(1).clamp(max: sums.shape[1] - 1)
            .MoveToOuterDisposeScope();
    }
}
