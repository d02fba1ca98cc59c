using System.Collections.Immutable;
using Hypercompress.Branches.ByteLatent;
using Hypercompress.Branches.KvCache;
using Hypercompress.Branches.LowRank;
using Hypercompress.Branches.Quantization;
using Hypercompress.Branches.Sparsity;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats.Registry;

namespace Hypercompress.Branches.Registry;

/// <summary>The branches there are. A new one takes its own folder and one line in <see cref="BuiltIn"/>.</summary>
/// <param name="registrations">The branches, in the order in which they run; names are unique.</param>
public sealed class BranchRegistry(ImmutableArray<BranchRegistration> registrations)
{
    /// <summary>A registry of the built-in branches.</summary>
    public BranchRegistry()
        : this(BuiltIn)
    {
    }

    /// <summary>The branches that ship with the library.</summary>
    public static ImmutableArray<BranchRegistration> BuiltIn { get; } =
    [
        BranchRegistration.For<ByteLatentOptions>(ByteLatentBranch.BranchName, (o, s) => new ByteLatentBranch(o, s)),
        BranchRegistration.For<LowRankOptions>(LowRankBranch.BranchName, (o, s) => new LowRankBranch(o, s)),
        BranchRegistration.For<KvCacheOptions>(KvCacheBranch.BranchName, (o, s) => new KvCacheBranch(o, s)),
        BranchRegistration.For<SparsityOptions>(SparsityBranch.BranchName, (o, s) => new SparsityBranch(o, s)),
        BranchRegistration.For<QuantizationOptions>(
            QuantizationBranch.BranchName, (o, s) => new QuantizationBranch(o, s)),
    ];

    /// <summary>The number formats that the branches may store values in.</summary>
    public NumberFormatRegistry Formats { get; init; } = NumberFormatRegistry.Standard;

    /// <summary>All branches, in the order in which they run.</summary>
    public ImmutableArray<BranchRegistration> Registrations => registrations;

    /// <summary>This registry and one more branch, which runs last.</summary>
    /// <param name="registration">The branch.</param>
    /// <returns>A new registry.</returns>
    /// <exception cref="ArgumentException">A branch of that name is registered already.</exception>
    public BranchRegistry With(BranchRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return Registrations.Any(known => known.Name == registration.Name)
            ? throw new ArgumentException($"a branch '{registration.Name}' is registered already", nameof(registration))
            : new BranchRegistry(Registrations.Add(registration)) { Formats = Formats };
    }

    /// <summary>This registry and one more kind of number format.</summary>
    /// <param name="registration">The kind of format.</param>
    /// <returns>A new registry.</returns>
    public BranchRegistry With(NumberFormatRegistration registration) =>
        new(Registrations) { Formats = Formats.With(registration) };

    /// <summary>A branch by name.</summary>
    /// <param name="name">Name of its section under <c>branches</c>.</param>
    /// <returns>The registration.</returns>
    /// <exception cref="ConfigurationException">There is no such branch.</exception>
    public BranchRegistration Find(string name) =>
        Registrations.FirstOrDefault(known => known.Name == name)
        ?? throw new ConfigurationException(
            $"there is no branch '{name}'; known are {string.Join(", ", Registrations.Select(known => known.Name))}");

    /// <summary>Creates a branch.</summary>
    /// <param name="name">Name of its section under <c>branches</c>.</param>
    /// <param name="options">Its options, of the registered type.</param>
    /// <param name="settings">
    /// Settings of all branches; the formats in it are replaced by those of the registry.
    /// </param>
    /// <returns>The branch.</returns>
    /// <exception cref="ConfigurationException">
    /// There is no such branch, or the options belong to another one.
    /// </exception>
    public CompressionBranch Create(string name, IBranchOptions options, BranchSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        BranchRegistration registration = Find(name);
        return registration.OptionsType.IsInstanceOfType(options)
            ? registration.Create(options, settings with { Formats = Formats })
            : throw new ConfigurationException(
                $"branch '{name}' is configured by {registration.OptionsType.Name}, not by {options.GetType().Name}");
    }

    /// <summary>Readers of all forms: the standard ones and those that only a branch builds.</summary>
    /// <returns>A catalog for reading artifacts.</returns>
    public FormCatalog CreateCatalog()
    {
        var settings = new BranchSettings { Formats = Formats };
        IEnumerable<FormReader> own = Registrations.SelectMany(known => known.Create(known.Defaults(), settings).Forms);
        return new FormCatalog(StandardForms.Readers.Concat(own), Formats);
    }
}
