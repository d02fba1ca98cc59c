using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;
using Hypercompress.Sites.Scheduling;

namespace Hypercompress.Pipeline.Offers;

/// <summary>Collects the offers of every branch at every site.</summary>
/// <param name="branches">All branches that take part.</param>
/// <param name="teacherFormat">Number format of the teacher's tensors, also of a matrix that is not compressed.</param>
/// <param name="include">Sites that may be compressed, as patterns with <c>*</c> and <c>?</c>.</param>
/// <param name="tied">Whether the embedding is the output projection as well.</param>
/// <param name="threads">CPU threads, 1 or more; sites are asked in parallel.</param>
/// <param name="total">Sites that will be asked in all.</param>
/// <param name="plan">The plan whose offers are wanted; null for all offers.</param>
internal sealed class OfferCollector(
    ImmutableArray<CompressionBranch> branches,
    ValueFormat teacherFormat,
    ImmutableArray<string> include,
    bool tied,
    int threads,
    int total,
    CompressionPlan? plan = null)
{
    private readonly ImmutableDictionary<string, ImmutableArray<Offer>>? _wanted =
        plan?.Sites.ToImmutableDictionary(site => site.Site.Name, site => site.Offers);

    private readonly ImmutableArray<ValueFormat> _formats =
        [teacherFormat, .. branches.OfType<IValueFormatSource>().SelectMany(source => source.Formats).Distinct()];

    private int _done;

    /// <summary>Counts sites whose offers were known.</summary>
    /// <param name="sites">Sites whose offers are known, in all.</param>
    public void CountTo(int sites) => _done = sites;

    /// <summary>Collects the offers for sites, and those for several of them together.</summary>
    /// <param name="sites">The sites in the order of the decoder.</param>
    /// <param name="groups">
    /// Sites that read the same input, each group in the order of the decoder. A group with a site that may not be
    /// compressed has no offers.
    /// </param>
    /// <param name="problems">Poses the problems of these sites.</param>
    /// <param name="progress">Receives progress after every site.</param>
    /// <returns>The offers, in the order of the sites and of the groups.</returns>
    public CollectedOffers Collect(
        ImmutableArray<Site> sites,
        ImmutableArray<ImmutableArray<Site>> groups,
        IProblemSource problems,
        PhaseProgress progress)
    {
        Question[] questions =
        [
            .. sites.Select(site => new Question(SiteWork.Of(site), () => AskOne(site, problems, progress))),
            .. groups.Select(group => new Question(SiteWork.Of(group), () => AskTogether(group, problems))),
        ];
        Answer[] answers = ParallelSites.Map(
            questions,
            question => question.Work,
            threads,
            question => question.Ask(),
            discard: null,
            progress.Cancellation);
        foreach (string note in answers.SelectMany(answer => answer.Notes))
        {
            progress.Note(note);
        }

        return new CollectedOffers(
            [.. answers.Select(answer => answer.Site).OfType<SiteOffers>()],
            [.. answers.SelectMany(answer => answer.Stacks)]);
    }

    private Answer AskOne(Site site, IProblemSource problems, PhaseProgress progress)
    {
        var notes = new List<string>();
        SiteOffers offers = Collect(site, problems, notes);
        progress.Report(Interlocked.Increment(ref _done), total, site.Name);
        return new Answer(offers, [], notes);
    }

    private Answer AskTogether(ImmutableArray<Site> group, IProblemSource problems)
    {
        var notes = new List<string>();
        return new Answer(
            null, [.. branches.SelectMany(branch => CollectStacks(branch, group, problems, notes))], notes);
    }

    private IEnumerable<OfferStack> CollectStacks(
        CompressionBranch branch, ImmutableArray<Site> group, IProblemSource problems, List<string> notes)
    {
        Site[] members = [.. group.Where(site => branch.Stacks(site, _formats))];
        if (members.Length < 2 || !members.All(IsIncluded) || !members.Any(site => IsWanted(branch, site, true)))
        {
            return [];
        }

        SiteProblem[] posed = [.. members.Select(problems.Pose)];
        try
        {
            return new OfferQuery(branch, _formats).StacksAt(posed, notes);
        }
        finally
        {
            Array.ForEach(posed, problem => problem.Dispose());
        }
    }

    private bool IsIncluded(Site site) => SitePatterns.Match(include, site.Name);

    private bool IsWanted(CompressionBranch branch, Site site, bool stacked) => _wanted is null
        || _wanted[site.Name].Any(offer => offer.Branch == branch.Name && offer.Owner is not null == stacked);

    private SiteOffers Collect(Site site, IProblemSource problems, List<string> notes)
    {
        using SiteProblem problem = problems.Pose(site);
        IEnumerable<Offer> offers = IsIncluded(site)
            ? branches.Where(branch => branch.Handles(site) && IsWanted(branch, site, false))
                .SelectMany(branch => new OfferQuery(branch, _formats).OffersAt(problem, notes))
            : [];
        return new SiteOffers(site, teacherFormat.StoredBytes(site.Rows, site.Columns), problem.Energy(), [.. offers])
        {
            KeepCost = InferenceCost.OfDense(site, tied),
            Limit = RateDistortion.Curve(problem),
        };
    }

    private sealed record Question(SiteWork Work, Func<Answer> Ask);

    // Of one question: the offers of a site or the stacks of a group, and what is to be said about them.
    private sealed record Answer(SiteOffers? Site, ImmutableArray<OfferStack> Stacks, List<string> Notes);
}
