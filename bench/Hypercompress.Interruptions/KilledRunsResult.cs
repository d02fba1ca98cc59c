using System.Globalization;

namespace Hypercompress.Interruptions;

/// <summary>What became of runs that were killed.</summary>
/// <param name="Kills">How often a process was killed.</param>
/// <param name="Resumed">How many of these kills left work that the next process went on with.</param>
/// <param name="Runs">Runs that came to their end.</param>
/// <param name="Differing">Runs that failed, or whose result is not that of the run that was left alone.</param>
internal sealed record KilledRunsResult(int Kills, int Resumed, int Runs, int Differing)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kills} kills, {Resumed} of them resumed, {Runs} runs finished, {Runs - Differing} with the same bytes");
}
