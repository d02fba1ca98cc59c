namespace Hypercompress.Models.Generation;

/// <summary>Counts what a draft proposes and what it saves.</summary>
internal sealed class SpeculationCount
{
    private (int Tokens, TimeSpan Time) _alone;
    private (int Tokens, TimeSpan Time) _together;
    private int _proposed;
    private int _accepted;

    /// <summary>Adds tokens that came.</summary>
    /// <param name="tokens">How many.</param>
    /// <param name="elapsed">How long they took.</param>
    /// <param name="isAlone">Whether the large model made them without proposals.</param>
    public void Add(int tokens, TimeSpan elapsed, bool isAlone)
    {
        if (isAlone)
        {
            _alone = (_alone.Tokens + tokens, _alone.Time + elapsed);
        }
        else
        {
            _together = (_together.Tokens + tokens, _together.Time + elapsed);
        }
    }

    /// <summary>Adds proposals.</summary>
    public void AddProposals(int proposed, int accepted) =>
        (_proposed, _accepted) = (_proposed + proposed, _accepted + accepted);

    /// <summary>What came of it; null as long as nothing was proposed.</summary>
    public SpeculationResult? Result() => _proposed == 0
        ? null
        : new SpeculationResult
        {
            Proposed = _proposed,
            Accepted = _accepted,
            SpeedUp = SecondsPerToken(_alone) / SecondsPerToken(_together),
        };

    private static double SecondsPerToken((int Tokens, TimeSpan Time) part) => part.Time.TotalSeconds / part.Tokens;
}
