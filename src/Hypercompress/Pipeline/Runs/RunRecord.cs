using System.Collections.Immutable;
using Hypercompress.Phases;

namespace Hypercompress.Pipeline.Runs;

/// <summary>What a run took.</summary>
/// <param name="Phases">All phases so far.</param>
/// <param name="Seconds">Wall time so far.</param>
/// <param name="Notes">Everything that was noted.</param>
public sealed record RunRecord(ImmutableArray<PhaseRecord> Phases, double Seconds, ImmutableArray<string> Notes);
