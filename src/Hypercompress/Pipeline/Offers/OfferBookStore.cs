using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Evaluation;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
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
    /// <summary>Reads the book that a file holds, or checks that it can be written there later.</summary>
    /// <param name="file">The file, or null.</param>
    /// <param name="package">The model.</param>
    /// <param name="texts">Hashes of the run's texts.</param>
    /// <returns>The book; null when there is no such file yet.</returns>
    /// <exception cref="CheckpointException">The file is damaged.</exception>
    /// <exception cref="ConfigurationException">
    /// The book was made from other inputs, or no file can be written there.
    /// </exception>
    public OfferBook? TryOpen(string? file, ModelPackage package, TextHashes texts)
    {
        if (file is null)
        {
            return null;
        }

        if (File.Exists(file))
        {
            return OfferBookFile.Read(file, fingerprint.Of(package, texts));
        }

        OfferBookFile.CheckWritable(file);
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

    /// <summary>Makes the book.</summary>
    /// <param name="file">Where it is kept for later runs; null to keep it in memory.</param>
    /// <param name="package">The model's files.</param>
    /// <param name="teacher">The model.</param>
    /// <param name="texts">The run's texts.</param>
    /// <param name="baseline">The statistics.</param>
    /// <param name="teacherFormat">Number format of the teacher's tensors.</param>
    /// <returns>The book.</returns>
    public OfferBook Create(
        string? file,
        ModelPackage package,
        LanguageModel teacher,
        RunTexts texts,
        BaselineResult baseline,
        ValueFormat teacherFormat)
    {
        var collector = new OfferCollector(
            branches, teacherFormat, options.Include, teacher.Decoder.Config.TieEmbeddings, environment.Threads);
        (ImmutableArray<SiteOffers> offers, ImmutableArray<OfferStack> stacks) = phases.Run(Phase.Offers, progress => (
            collector.Collect(baseline.Statistics.Sites, baseline.Statistics, progress),
            collector.CollectStacks(baseline.Statistics.Groups, baseline.Statistics, progress)));
        var probe = new DamageProbe(options, evaluation, branches, texts, environment.Threads);
        (ImmutableArray<SiteOffers> sites, LossModel forecast) = phases.Run(
            Phase.Probes, progress => probe.Run(teacher.Decoder, baseline.Statistics, offers, progress));
        var book = new OfferBook(
            fingerprint.Of(package, texts.Hashes),
            package.PublishedBytes,
            target.FixedBytes(teacher.Decoder.Config, teacherFormat, baseline.VectorElements),
            sites,
            forecast,
            Timings(teacher, texts),
            environment.Log.Notes)
        {
            Stacks = stacks,
        };
        if (file is not null)
        {
            OfferBookFile.Write(book, file);
        }

        return book;
    }

    private CalibrationTimings Timings(LanguageModel teacher, RunTexts texts) => new(
        teacher.Decoder.ParameterCount,
        phases.Records.Sum(record => record.Seconds),
        phases.SecondsOf(Phase.BaselineAnalysis) / Math.Max(1, texts.CalibrationTokens),
        phases.SecondsOf(Phase.Offers),
        texts.Validation.Sum(text => (double)Math.Min(text.Ids.Length, evaluation.MaxTokens ?? int.MaxValue)));
}
