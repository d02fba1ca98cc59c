using Hypercompress.Models.Inference.Attention;

namespace Hypercompress.Models.Inference;

/// <summary>
/// Sequences that ended but may be gone on with: a message of a conversation begins with all messages before it. What
/// is computed of a token depends on the tokens before it alone; only the rounding of keys and values differs, since
/// tokens that are computed together see each other's before they are rounded. May be used by several threads.
/// </summary>
/// <param name="most">Sequences that are kept.</param>
internal sealed class KeptSessions(int most) : IDisposable
{
    private readonly Lock _lock = new();

    // The one that ended last comes last.
    private readonly List<DecoderSession> _kept = [];

    /// <summary>Takes the sequence that has most tokens in common with the beginning of a text.</summary>
    /// <param name="ids">The text.</param>
    /// <param name="cache">What is kept of earlier tokens.</param>
    /// <returns>
    /// A sequence of the common tokens, fewer than the text has; null where none shares at least half of the text. A
    /// sequence that goes on otherwise than the text is taken only where at least half of its own tokens are shared:
    /// else it is left to the conversation that it belongs to.
    /// </returns>
    public DecoderSession? Take(ReadOnlySpan<int> ids, CacheOptions cache)
    {
        lock (_lock)
        {
            (int best, int common) = (-1, 0);
            for (int i = 0; i < _kept.Count; i++)
            {
                int shared = _kept[i].Cache == cache ? Usable(_kept[i], ids) : 0;
                (best, common) = shared > common ? (i, shared) : (best, common);
            }

            if (common == 0)
            {
                return null;
            }

            DecoderSession session = _kept[best];
            _kept.RemoveAt(best);
            session.Truncate(common);
            return session;
        }
    }

    /// <summary>Keeps a sequence in place of the one that ended first.</summary>
    /// <param name="session">The sequence; owned from now on.</param>
    public void Keep(DecoderSession session)
    {
        session.ReleasePassMemory();
        lock (_lock)
        {
            _kept.Add(session);
            if (_kept.Count > most)
            {
                _kept[0].Dispose();
                _kept.RemoveAt(0);
            }
        }
    }

    // How many tokens can be used, 0 for none. Many conversations begin with the same system prompt: one that shares
    // little more is another conversation.
    private static int Usable(DecoderSession session, ReadOnlySpan<int> ids)
    {
        // The last token is always computed: what follows it is asked for.
        int most = ids.Length - 1;
        int common = int.Min(session.CommonWith(ids), most);
        bool isOwn = common == most || 2 * common >= session.Length;
        return isOwn && 2 * common >= ids.Length ? common : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _kept.ForEach(session => session.Dispose());
            _kept.Clear();
        }
    }
}
