using System.Collections.Immutable;
using Hypercompress.Merging;
using Hypercompress.Sites;

namespace Hypercompress.Sequential;

/// <summary>
/// The next sites that <see cref="SequentialDriver"/> wants solved: those that read one input, on the output of
/// everything that was accepted before them.
/// </summary>
internal sealed class SiteGroup
{
    private readonly SolvedPrefix _solved;

    /// <summary>Makes a group.</summary>
    /// <param name="sites">At least one, in the order of the decoder.</param>
    /// <param name="problems">Poses their problems until the next group is asked for.</param>
    /// <param name="solved">Gets what is accepted.</param>
    internal SiteGroup(ImmutableArray<Site> sites, IProblemSource problems, SolvedPrefix solved) =>
        (Sites, Problems, _solved) = (sites, problems, solved);

    /// <summary>The sites, at least one, in the order of the decoder.</summary>
    public ImmutableArray<Site> Sites { get; }

    /// <summary>Poses their problems; to be used before the next group is asked for.</summary>
    public IProblemSource Problems { get; }

    /// <summary>Whether the group was solved.</summary>
    internal bool IsSolved { get; private set; }

    /// <summary>Hands over the solution, on which the groups after this one are solved.</summary>
    /// <param name="solved">
    /// One matrix for each of <see cref="Sites"/>; owned by the driver until it is finished.
    /// </param>
    /// <exception cref="ArgumentException">A site is missing, or one is of another group.</exception>
    /// <exception cref="InvalidOperationException">The group was solved before.</exception>
    public void Accept(IReadOnlyList<SiteBlueprint> solved)
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
        IsSolved = true;
    }
}
