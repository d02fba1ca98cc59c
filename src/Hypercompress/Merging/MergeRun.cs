using Hypercompress.Sites;

namespace Hypercompress.Merging;

/// <summary>The inputs of merging.</summary>
/// <param name="Problems">Poses the problem of a site; the merger disposes it.</param>
/// <param name="Weights">The teacher's matrices; the merger disposes the copies it reads.</param>
/// <param name="Note">Receives a sentence where a piece is left out because its error is not a number.</param>
/// <param name="Progress">Called after every site.</param>
/// <param name="Cancellation">Stops between sites.</param>
internal sealed record MergeRun(
    IProblemSource Problems,
    IWeightSource Weights,
    Action<string> Note,
    Action<Site> Progress,
    CancellationToken Cancellation);
