using System.Collections.Immutable;
using Hypercompress.Branches;

namespace Hypercompress.Configuration;

/// <summary>The section <c>branches</c>: the options of every registered branch, by the branch's name.</summary>
/// <param name="byName">Options by name.</param>
public sealed class BranchSections(ImmutableSortedDictionary<string, IBranchOptions> byName)
{
    /// <summary>No branches.</summary>
    public static BranchSections Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, IBranchOptions>(StringComparer.Ordinal));

    /// <summary>Options by the branch's name, in the order of the names.</summary>
    public ImmutableSortedDictionary<string, IBranchOptions> ByName { get; } = byName;

    /// <summary>The options of one branch.</summary>
    /// <param name="name">The branch's name.</param>
    /// <returns>Its options.</returns>
    /// <exception cref="KeyNotFoundException">No such branch is registered.</exception>
    public IBranchOptions this[string name] => ByName[name];

    /// <summary>The same sections with other options for one branch.</summary>
    /// <param name="name">The branch's name.</param>
    /// <param name="options">Its options.</param>
    /// <returns>The sections.</returns>
    public BranchSections With(string name, IBranchOptions options) => new(ByName.SetItem(name, options));
}
