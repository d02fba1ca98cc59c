using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Offers;

/// <summary>Makes the offer book of a model, or takes it from the file that an earlier run left.</summary>
/// <param name="config">The run's configuration.</param>
/// <param name="branches">All branches that take part.</param>
/// <param name="phases">Runs the phases.</param>
/// <param name="log">Is told notes, and knows those so far.</param>
/// <param name="threads">CPU threads, 1 or more.</param>
internal sealed class OfferBookStore(
    PipelineConfig config, ImmutableArray<CompressionBranch> branches, PhaseRunner phases, LoggingManager log, int threads)
{
    /// <summary>The book that a file holds.</summary>
    /// <param name="file">The file, or null.</param>
    /// <param name="package">The model.</param>
    /// <returns>The book; null when there is no such file yet.</returns>
    /// <exception cref="Models.Errors.CheckpointException">The file is damaged.</exception>
    /// <exception cref="Models.Errors.ConfigurationException">It was made from something else.</exception>
    public OfferBook? TryOpen(string? file, ModelPackage package)
    {
        if (file is null || !File.Exists(file))
        {
            return null;
        }

        return OfferBookFile.Read(file, OfferBookFingerprint.Of(package, config));
    }

    /// <summary>Goes on with a book that was found: what was noted when it was made is noted again, once.</summary>
    /// <param name="found">The book.</param>
    /// <returns>The book.</returns>
    public OfferBook Reuse(OfferBook found)
    {
        foreach (string note in found.Notes.Except(log.Notes))
        {
            log.Noted(note);
        }

        return found;
    }

    /// <summary>Makes the book.</summary>
    /// <param name="file">Where it is kept for later runs; null to keep it in memory.</param>
    /// <param name="package">The model's files.</param>
    /// <param name="teacher">The model.</param>
    /// <param name="texts">The run's texts.</param>
    /// <param name="baseline">The statistics.</param>
    /// <param name="keep">Number format of what stays as it is.</param>
    /// <returns>The book.</returns>
    public OfferBook Create(
        string? file, ModelPackage package, LanguageModel teacher, RunTexts texts, BaselineResult baseline, ValueFormat keep)
    {
        var collector = new OfferCollector(branches, keep, config.Planner.Include, teacher.Decoder.Config.TieEmbeddings, threads);
        (ImmutableArray<SiteOffers> offers, ImmutableArray<OfferStack> stacks) = phases.Run(Phase.Offers, progress => (
            collector.Collect(baseline.Statistics.Sites, baseline.Statistics, progress),
            collector.CollectStacks(baseline.Statistics.Groups, baseline.Statistics, progress)));
        (ImmutableArray<SiteOffers> sites, LossModel forecast) = phases.Run(
            Phase.Probes,
            progress => new DamageProbe(config, branches, texts, threads).Run(teacher.Decoder, baseline.Statistics, offers, progress));
        var book = new OfferBook(
            OfferBookFingerprint.Of(package, config),
            package.PublishedBytes,
            keep.StoredBytes(1, baseline.VectorElements),
            sites,
            forecast,
            Effort(teacher, texts),
            log.Notes)
        {
            Stacks = stacks,
        };
        if (file is not null)
        {
            OfferBookFile.Write(book, file);
        }

        return book;
    }

    private CalibrationTimings Effort(LanguageModel teacher, RunTexts texts) => new(
        teacher.Decoder.ParameterCount,
        phases.Records.Sum(record => record.Seconds),
        phases.SecondsOf(Phase.BaselineAnalysis) / Math.Max(1, texts.CalibrationTokens),
        phases.SecondsOf(Phase.Offers),
        texts.Validation.Sum(text => (double)Math.Min(text.Ids.Length, config.Evaluation.MaxTokens ?? int.MaxValue)));
}
