namespace Hypercompress.Branches;

/// <summary>The section <c>branches.NAME</c> of a configuration.</summary>
public interface IBranchOptions
{
    /// <summary>Whether the branch takes part in hybrid mode.</summary>
    bool Enabled { get; }
}
