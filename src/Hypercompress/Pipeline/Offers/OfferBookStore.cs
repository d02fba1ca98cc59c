using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Analysis;
using Hypercompress.Branches;
using Hypercompress.Evaluation;
using Hypercompress.Journal;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;
using Hypercompress.Sites.Scheduling;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline.Offers;

/// <summary>Makes the offer book of a model, or takes it from the file that an earlier run wrote.</summary>
/// <param name="options">The section <c>planner</c>.</param>
/// <param name="evaluation">How perplexity is measured.</param>
/// <param name="fingerprint">Recognises a book that was made from the same inputs.</param>
/// <param name="target">The runtime that the student is for.</param>
/// <param name="branches">All branches that take part.</param>
/// <param name="phases">Runs the phases.</param>
/// <param name="environment">Log and threads of the run.</param>
internal sealed class OfferBookStore(
    PlannerOptions options,
    EvaluationOptions evaluation,
    OfferBookFingerprint fingerprint,
    RuntimeTarget target,
    ImmutableArray<CompressionBranch> branches,
    PhaseRunner phases,
    RunEnvironment environment)
{
    /// <summary>Hashes everything that a book depends on.</summary>
    /// <param name="package">The model.</param>
    /// <param name="texts">Hashes of the run's texts.</param>
    /// <param name="student">Another model that is compressed in its place, or null.</param>
    /// <returns>Hashes by the name of the input.</returns>
    public ImmutableSortedDictionary<string, string> OriginOf(
        ModelPackage package, TextHashes texts, ModelPackage? student) => fingerprint.Of(package, texts, student);

    /// <summary>Reads the book that a file holds, or checks that it can be written there later.</summary>
    /// <param name="file">The file, or null.</param>
    /// <param name="origin">Hashes of everything that the book depends on.</param>
    /// <returns>The book; null when there is no such file yet.</returns>
    /// <exception cref="CheckpointException">The file is damaged.</exception>
    /// <exception cref="ConfigurationException">
    /// The book was made from other inputs, or no file can be written there.
    /// </exception>
    public OfferBook? TryOpen(string? file, IReadOnlyDictionary<string, string> origin)
    {
        if (file is null)
        {
            return null;
        }

        if (File.Exists(file))
        {
            return OfferBookFile.Read(file, origin);
        }

        if (environment.Processes.Rank == 0)
        {
            OfferBookFile.CheckWritable(file);
        }

        return null;
    }

    /// <summary>Uses a book that was found; the notes on how it was made are given again, each once.</summary>
    /// <param name="found">The book.</param>
    /// <returns>The book.</returns>
    public OfferBook Reuse(OfferBook found)
    {
        foreach (string note in found.Notes.Except(environment.Log.Notes))
        {
            environment.Log.Noted(note);
        }

        return found;
    }

    /// <summary>Whether the book was made by the run already, if not finished.</summary>
    public bool IsKept => phases.IsKept(Phase.Probes);

    /// <summary>Makes the book.</summary>
    /// <param name="start">The model's files, and where the book is kept for later runs.</param>
    /// <param name="teacher">The model that is compressed.</param>
    /// <param name="texts">The run's texts.</param>
    /// <param name="baseline">The statistics.</param>
    /// <param name="teacherFormat">Number format of the teacher's tensors.</param>
    /// <returns>The book.</returns>
    /// <exception cref="CheckpointException">A text or the model changed since it was hashed.</exception>
    public OfferBook Create(
        CalibrationStart start,
        LanguageModel teacher,
        RunTexts texts,
        BaselineResult baseline,
        ValueFormat teacherFormat)
    {
        CollectedOffers offers = phases.Run(
            Phase.Offers, progress => Collect(teacher, baseline.Statistics, teacherFormat, start.Plan, progress));
        ProbedOffers probed = start.Plan is { Measured: { } measured } plan
            ? new ProbedOffers(offers.LossesOf(plan), measured)
            : Probe(teacher.Decoder, baseline.Statistics, texts, offers, start.Plan);
        var book = new OfferBook(
            start.Origin,
            start.Package.PublishedBytes,
            target.FixedBytes(teacher.Decoder.Config, teacherFormat, baseline.VectorElements),
            InFile(probed.Sites, teacher.Decoder.Config),
            probed.Forecast,
            Timings(teacher, texts),
            environment.Log.Notes)
        {
            Stacks = offers.Stacks,
            Alike = target.Alike(teacher.Decoder.Config),
        };
        if (start.StatisticsFile is { } file && environment.Processes.Rank == 0)
        {
            start.RequireUnchanged();
            OfferBookFile.Write(book, file);
        }

        return book;
    }

    private ProbedOffers Probe(
        DecoderModel teacher,
        CalibrationStatistics statistics,
        RunTexts texts,
        CollectedOffers offers,
        CompressionPlan? plan)
    {
        PlannerOptions probes = plan is null ? options : options with { Probes = PlannerOptions.NoProbes };
        var probe = new DamageProbe(probes, evaluation, branches, texts, environment);
        return phases.RunTogether(
            Phase.Probes,
            new JsonFormat<ProbedOffers>(),
            progress => probe.Run(teacher, statistics, offers.Sites, progress));
    }

    // Some layers at a time, so that a run that is stopped has most of them.
    private CollectedOffers Collect(
        LanguageModel teacher,
        CalibrationStatistics statistics,
        ValueFormat teacherFormat,
        CompressionPlan? plan,
        PhaseProgress progress)
    {
        var collector = new OfferCollector(
            branches,
            teacherFormat,
            options.Include,
            teacher.Decoder.Config.TieEmbeddings,
            environment.Threads,
            statistics.Sites.Length,
            plan);
        var collected = new CollectedOffers([], []);
        WorkPart<CollectedOffers> PartOf(int number, ImmutableArray<Site> sites) => new(
            string.Create(CultureInfo.InvariantCulture, $"offers-{number:D5}"),
            new JsonFormat<CollectedOffers>(),
            () => collector.Collect(
                sites, [.. statistics.Groups.Where(group => sites.Contains(group[0]))], statistics, progress));
        ImmutableArray<Site>[] batches =
            [.. SiteBatches.Of(statistics.Sites, environment.Threads, environment.Processes.Size)];
        foreach (CollectedOffers part in progress.KeepEach(
            [.. batches.Index().Select(batch => PartOf(batch.Index, batch.Item))]))
        {
            collected = collected.With(part);
            collector.CountTo(collected.Sites.Length);
        }

        return collected;
    }

    // What the runtime's file has beside a matrix belongs to the bytes of an offer.
    private ImmutableArray<SiteOffers> InFile(ImmutableArray<SiteOffers> sites, DecoderConfig config)
    {
        Dictionary<string, long> beside = new DecoderLayout(config).Slots
            .ToDictionary(slot => slot.Name, target.SideBytes);
        return
        [
            .. sites.Select(site => site with
            {
                Offers =
                [
                    .. site.Offers.Select(offer => offer with { Bytes = offer.Bytes + beside[site.Site.Name] }),
                ],
            }),
        ];
    }

    private CalibrationTimings Timings(LanguageModel teacher, RunTexts texts) => new(
        teacher.Decoder.ParameterCount,
        phases.Records.Sum(record => record.Seconds),
        phases.SecondsOf(Phase.BaselineAnalysis) / Math.Max(1, texts.CalibrationTokens),
        phases.SecondsOf(Phase.Offers),
        texts.Validation.Sum(text => (double)Math.Min(text.Ids.Length, evaluation.MaxTokens ?? int.MaxValue)));
}
