using System.Collections.Immutable;
using Hypercompress.Phases;

namespace Hypercompress.Pipeline.Runs;

/// <summary>What a run has taken up to a moment.</summary>
/// <param name="Phases">All phases, the running one up to that moment.</param>
/// <param name="Seconds">Wall time.</param>
internal sealed record RunTimes(ImmutableArray<PhaseRecord> Phases, double Seconds);
