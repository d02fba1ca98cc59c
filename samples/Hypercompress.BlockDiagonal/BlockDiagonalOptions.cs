using System.Collections.Immutable;
using Hypercompress.Branches;

namespace Hypercompress.BlockDiagonal;

/// <summary>The section <c>branches.blockdiag</c>.</summary>
public sealed record BlockDiagonalOptions : IBranchOptions
{
    /// <inheritdoc/>
    public bool Enabled { get; init; } = true;

    /// <summary>Numbers of blocks that are offered; those that divide both sides of a matrix are used.</summary>
    /// <value>Each at least 2. The default is 2, 4, 8, 16.</value>
    public ImmutableArray<int> Blocks { get; init; } = [2, 4, 8, 16];
}
