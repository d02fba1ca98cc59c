using Hypercompress.Models.Generation.Drawing;
using Hypercompress.Models.Inference;

namespace Hypercompress.Models.Generation;

/// <summary>
/// A small model proposes tokens and a large one checks them all in one pass (Leviathan et al., ICML 2023, arXiv
/// 2211.17192). What comes is what the large model alone would give: the same tokens where it takes the best, the same
/// probabilities where it draws.
/// </summary>
/// <param name="large">A sequence of the model whose text it is, without tokens; owned.</param>
/// <param name="small">A sequence of the model that proposes; owned.</param>
/// <param name="proposals">Tokens that are proposed at a time, at least 1.</param>
/// <param name="time">The clock.</param>
internal sealed class SpeculativeNextToken(
    DecoderSession large, DecoderSession small, int proposals, TimeProvider time) : INextToken
{
    // Tokens that the large model makes alone at first, to know how long one takes it; the very first warms up.
    private const int TokensAlone = 12;

    private readonly List<int> _waiting = [];
    private readonly SpeculationCount _count = new();
    private int _made;

    /// <inheritdoc/>
    public long BytesPerToken => large.BytesPerToken + small.BytesPerToken;

    /// <inheritdoc/>
    public SpeculationResult? Speculation => _count.Result();

    /// <inheritdoc/>
    public IReadOnlyList<GeneratedToken> Choose(
        IReadOnlyList<int> ids, TokenSampler sampler, CancellationToken cancellation)
    {
        _waiting.AddRange(ids);
        long started = time.GetTimestamp();
        IReadOnlyList<GeneratedToken> chosen = _made < TokensAlone || !HasRoom()
            ? [sampler.Take(large.Next([.. ids], cancellation))]
            : Speculate(ids[^1], sampler, cancellation);
        TimeSpan elapsed = time.GetElapsedTime(started);
        if (_made > 1)
        {
            _count.Add(chosen.Count, elapsed, isAlone: _made < TokensAlone);
        }

        _made += chosen.Count;
        return chosen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        large.Dispose();
        small.Dispose();
    }

    private bool HasRoom() => large.Length + proposals + 1 < large.MaxLength;

    private List<GeneratedToken> Speculate(int last, TokenSampler sampler, CancellationToken cancellation)
    {
        (List<int> proposed, List<TokenDistribution?> chances) = Propose(sampler, cancellation);
        int before = large.Length;
        float[] logits = large.All([last, .. proposed], cancellation);
        int vocabulary = logits.Length / (proposed.Count + 1);
        List<GeneratedToken> chosen = [];
        int accepted = 0;
        for (; accepted < proposed.Count; accepted++)
        {
            ReadOnlySpan<float> here = logits.AsSpan(accepted * vocabulary, vocabulary);
            (bool isAccepted, int id) = sampler.Judge(here, proposed[accepted], chances[accepted]);
            chosen.Add(sampler.Tell(id, here));
            if (!isAccepted)
            {
                break;
            }
        }

        if (accepted == proposed.Count)
        {
            chosen.Add(sampler.Take(logits.AsSpan(accepted * vocabulary, vocabulary)));
        }

        // The token that was chosen last comes back with the next call.
        large.Truncate(before + 1 + accepted);
        small.Truncate(int.Min(small.Length, before + 1 + accepted));
        _waiting.AddRange(proposed.Take(accepted).Skip(small.Length - before - 1));
        _count.AddProposals(proposed.Count, accepted);
        return chosen;
    }

    private (List<int> Ids, List<TokenDistribution?> Chances) Propose(
        TokenSampler sampler, CancellationToken cancellation)
    {
        List<int> ids = [];
        List<TokenDistribution?> chances = [];
        while (ids.Count < proposals)
        {
            ReadOnlySpan<float> logits = small.Next([.. _waiting], cancellation);
            _waiting.Clear();
            (int id, TokenDistribution? chance) = sampler.Propose(logits);
            ids.Add(id);
            chances.Add(chance);
            if (ids.Count < proposals)
            {
                _waiting.Add(id);
            }
        }

        return (ids, chances);
    }
}
