using System.Collections.Immutable;

namespace Hypercompress.Pipeline;

/// <summary>What a run took.</summary>
/// <param name="Phases">All phases so far.</param>
/// <param name="Seconds">Wall time so far.</param>
/// <param name="Notes">Everything that was noted.</param>
public sealed record RunRecord(ImmutableArray<PhaseRecord> Phases, double Seconds, ImmutableArray<string> Notes);
