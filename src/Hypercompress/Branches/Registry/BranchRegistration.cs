namespace Hypercompress.Branches.Registry;

/// <summary>A branch that can be configured and created.</summary>
/// <param name="Name">Name of its section under <c>branches</c>.</param>
/// <param name="OptionsType">
/// Immutable record with a parameterless constructor that holds the section's defaults.
/// </param>
/// <param name="Defaults">The section's defaults.</param>
/// <param name="Create">Creates the branch from its options and the settings of all branches.</param>
public sealed record BranchRegistration(
    string Name,
    Type OptionsType,
    Func<IBranchOptions> Defaults,
    Func<IBranchOptions, BranchSettings, CompressionBranch> Create)
{
    /// <summary>Registers a branch by its options.</summary>
    /// <typeparam name="TOptions">The record of its configuration section.</typeparam>
    /// <param name="name">Name of its section under <c>branches</c>.</param>
    /// <param name="create">Creates the branch.</param>
    /// <returns>The registration.</returns>
    public static BranchRegistration For<TOptions>(
        string name, Func<TOptions, BranchSettings, CompressionBranch> create)
        where TOptions : class, IBranchOptions, new()
    {
        ArgumentNullException.ThrowIfNull(create);
        return new BranchRegistration(
            name, typeof(TOptions), () => new TOptions(), (options, settings) => create((TOptions)options, settings));
    }
}
