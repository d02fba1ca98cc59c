using Hypercompress.Sites;
using TorchSharp;

namespace Hypercompress.Merging;

/// <summary>Everything that merging sees while it works.</summary>
/// <param name="Pose">Poses the problem of a site; the merger disposes it.</param>
/// <param name="Weight">The teacher's matrix, floating point [rows, columns]; the merger disposes it.</param>
/// <param name="Progress">Told after every site.</param>
/// <param name="Cancellation">Stops between sites.</param>
public sealed record MergeRun(
    Func<Site, SiteProblem> Pose,
    Func<Site, torch.Tensor> Weight,
    Action<Site> Progress,
    CancellationToken Cancellation);
