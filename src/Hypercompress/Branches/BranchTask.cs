using Hypercompress.Sites;

namespace Hypercompress.Branches;

/// <summary>One site that a branch has to carry out.</summary>
/// <param name="Site">The place.</param>
/// <param name="Offer">The branch's own offer that the plan took.</param>
public sealed record BranchTask(Site Site, Offer Offer);
