using System.Collections.Immutable;
using Hypercompress.Journal;
using Hypercompress.Phases;

namespace Hypercompress.Pipeline.Runs;

/// <summary>Time, memory and notes of a run.</summary>
/// <param name="Times">Time and memory up to the moment when it is called.</param>
internal sealed record RunRecord(Func<RunTimes> Times)
{
    /// <summary>All notes.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Everything that determined the run.</summary>
    public required RunInputs Inputs { get; init; }

    /// <summary>Where the artifact is filled before it appears.</summary>
    public required string Stage { get; init; }

    /// <summary>What was expected of the run; null where it went on with the work of a stopped one.</summary>
    public RunForecast? Expected { get; init; }
}
