using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Merging;

/// <summary>Makes one matrix of the pieces that several branches propose for a site.</summary>
internal abstract class MergeStrategy
{
    /// <summary>Name in configuration and reports.</summary>
    public abstract string Name { get; }

    /// <summary>Which offers a plan for this strategy takes together.</summary>
    public abstract CombinationRule Rule { get; }

    /// <summary>Merges the proposals of one site.</summary>
    /// <param name="problem">The problem that the proposals solve; not disposed here.</param>
    /// <param name="proposals">
    /// At least one, of different branches. Their matrices are owned by the strategy from here on: what the result does
    /// not use is disposed.
    /// </param>
    /// <param name="branches">Finds a branch by its name, to solve its offer again.</param>
    /// <returns>A single proposal as it is, or the merged matrix.</returns>
    /// <exception cref="ArgumentException">There is no proposal, or two are of one branch.</exception>
    public SiteBlueprint Merge(
        SiteProblem problem, IReadOnlyList<Proposal> proposals, Func<string, CompressionBranch> branches)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(proposals);
        ArgumentNullException.ThrowIfNull(branches);
        if (proposals.Count == 0 || proposals.DistinctBy(proposal => proposal.Offer.Branch).Count() < proposals.Count)
        {
            string found = string.Join(", ", proposals.Select(proposal => proposal.Offer.Branch));
            throw new ArgumentException(
                $"{problem.Site.Name} needs proposals of different branches, found [{found}]", nameof(proposals));
        }

        using var noGrad = no_grad();
        return proposals.Count == 1 ? TakeAsIs(proposals[0]) : Combine(problem, proposals, branches);
    }

    /// <summary>The blueprint of a site with one proposal.</summary>
    /// <param name="proposal">The proposal; its matrix moves into the result.</param>
    /// <returns>A blueprint whose only alternative is itself.</returns>
    internal static SiteBlueprint TakeAsIs(Proposal proposal) => new(
        proposal.Site,
        proposal.Matrix,
        proposal.Error,
        ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal)
            .Add(proposal.Offer.Branch, proposal.Error));

    /// <summary>Merges two or more proposals.</summary>
    /// <param name="problem">As in <see cref="Merge"/>.</param>
    /// <param name="proposals">As in <see cref="Merge"/>, at least two.</param>
    /// <param name="branches">As in <see cref="Merge"/>.</param>
    /// <returns>As in <see cref="Merge"/>.</returns>
    protected abstract SiteBlueprint Combine(
        SiteProblem problem, IReadOnlyList<Proposal> proposals, Func<string, CompressionBranch> branches);

    /// <summary>J of each proposal alone.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="proposals">The proposals.</param>
    /// <returns>By the name of the branch.</returns>
    private protected static ImmutableSortedDictionary<string, double> ErrorsAlone(
        SiteProblem problem, IReadOnlyList<Proposal> proposals) =>
        proposals.ToImmutableSortedDictionary(
            proposal => proposal.Offer.Branch,
            proposal => Measure(problem, proposal.Matrix),
            StringComparer.Ordinal);

    /// <summary>J of a matrix.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="matrix">The matrix.</param>
    /// <returns>Nats per token.</returns>
    private protected static double Measure(SiteProblem problem, FormMatrix matrix)
    {
        using Tensor values = matrix.Materialize();
        return problem.Error(values);
    }
}
