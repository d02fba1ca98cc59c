using Hypercompress.Branches;

namespace Hypercompress.Tests.Pipeline;

/// <summary>Nothing to configure.</summary>
internal sealed record FailingBranchOptions : IBranchOptions
{
    public bool Enabled { get; init; } = true;
}
