using System.Collections.Immutable;
using Hypercompress.Merging;
using Hypercompress.Sites;

namespace Hypercompress.Sequential;

/// <summary>
/// The next sites that <see cref="SequentialDriver"/> wants solved: those that read one input, on the output of
/// everything that was accepted before them.
/// </summary>
internal sealed class SiteGroup : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, double> NoBlends =
        ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    private readonly SolvedPrefix _solved;
    private readonly Lazy<IProblemSource> _problems;
    private ImmutableSortedDictionary<string, double>? _blends;

    /// <summary>Makes a group.</summary>
    /// <param name="sites">At least one, in the order of the decoder.</param>
    /// <param name="pose">
    /// Makes the source of their problems when it is first asked for: a group whose solution is known needs none.
    /// </param>
    /// <param name="solved">Gets what is accepted.</param>
    internal SiteGroup(ImmutableArray<Site> sites, Func<IProblemSource> pose, SolvedPrefix solved) =>
        (Sites, _problems, _solved) = (sites, new Lazy<IProblemSource>(pose), solved);

    /// <summary>The sites, at least one, in the order of the decoder.</summary>
    public ImmutableArray<Site> Sites { get; }

    /// <summary>Poses their problems; to be used before the next group is asked for.</summary>
    public IProblemSource Problems => _problems.Value;

    /// <summary>Weight of the dense statistics at each site where drift was measured; 1 corrects nothing.</summary>
    public ImmutableSortedDictionary<string, double> Blends =>
        _blends ?? (_problems is { IsValueCreated: true, Value: DriftedProblems drifted } ? drifted.Blends : NoBlends);

    /// <summary>Whether the group was solved.</summary>
    internal bool IsSolved { get; private set; }

    /// <summary>Hands over the solution, on which the groups after this one are solved.</summary>
    /// <param name="solved">
    /// One matrix for each of <see cref="Sites"/>; owned by the driver until it is finished.
    /// </param>
    /// <param name="blends">Blends of a solution that was made before; null where the problems were posed here.</param>
    /// <exception cref="ArgumentException">A site is missing, or one is of another group.</exception>
    /// <exception cref="InvalidOperationException">The group was solved before.</exception>
    public void Accept(
        IReadOnlyList<SiteBlueprint> solved, ImmutableSortedDictionary<string, double>? blends = null)
    {
        ArgumentNullException.ThrowIfNull(solved);
        if (IsSolved)
        {
            throw new InvalidOperationException($"the group of {Sites[0].Name} was solved before");
        }

        if (!solved.Select(site => site.Site).ToHashSet().SetEquals(Sites) || solved.Count != Sites.Length)
        {
            string found = string.Join(", ", solved.Select(site => site.Site.Name));
            string wanted = string.Join(", ", Sites.Select(site => site.Name));
            throw new ArgumentException($"the group is [{wanted}], the solution is of [{found}]", nameof(solved));
        }

        _solved.Add(solved);
        _blends = blends;
        IsSolved = true;
    }

    /// <summary>Releases the problems.</summary>
    public void Dispose()
    {
        if (_problems is { IsValueCreated: true, Value: DriftedProblems drifted })
        {
            drifted.Dispose();
        }
    }
}
