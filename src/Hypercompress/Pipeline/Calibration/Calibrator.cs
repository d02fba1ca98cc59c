using Hypercompress.Analysis;
using Hypercompress.Configuration;
using Hypercompress.Journal;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline.Calibration;

/// <summary>The phases before planning, in the only place where their order is written down.</summary>
/// <param name="dataOptions">The section <c>data</c>.</param>
/// <param name="calibrationOptions">The section <c>calibration</c>.</param>
/// <param name="runtimeOptions">The section <c>runtime</c>.</param>
/// <param name="target">The runtime that the result is for.</param>
/// <param name="books">Makes or reads the offers.</param>
/// <param name="phases">Runs the phases.</param>
internal sealed class Calibrator(
    DataOptions dataOptions,
    CalibrationOptions calibrationOptions,
    RuntimeOptions runtimeOptions,
    RuntimeTarget target,
    OfferBookStore books,
    PhaseRunner phases)
{
    /// <summary>Hashes the texts and looks for offers that an earlier run has written.</summary>
    /// <param name="package">The teacher.</param>
    /// <param name="statisticsFile">File that keeps the offers; null for none.</param>
    /// <returns>What is known before any work.</returns>
    /// <exception cref="Models.Errors.CheckpointException">A text or the file of statistics cannot be read.</exception>
    /// <exception cref="Models.Errors.ConfigurationException">
    /// The statistics were made from other inputs, or cannot be written where the file is to be; or the runtime does
    /// not hold the model.
    /// </exception>
    public CalibrationStart Prepare(ModelPackage package, string? statisticsFile)
    {
        target.Require(package.ReadDecoderConfig(), package.Config);
        TextHashes hashes = TextHashes.Of(dataOptions);
        var origin = books.OriginOf(package, hashes);
        return new CalibrationStart(package, statisticsFile, hashes, origin, books.TryOpen(statisticsFile, origin));
    }

    /// <summary>The offers alone; nothing is loaded when they are known already.</summary>
    /// <param name="start">What is known before any work.</param>
    /// <returns>The offers.</returns>
    public OfferBook Offers(CalibrationStart start)
    {
        if (start.Found is { } found)
        {
            return books.Reuse(found);
        }

        using Calibrated calibrated = Calibrate(start);
        return calibrated.Book;
    }

    /// <summary>
    /// Loads the teacher, reads the texts, takes the statistics and collects the offers unless they are known.
    /// </summary>
    /// <param name="start">What is known before any work.</param>
    /// <returns>All of it, owned by the caller.</returns>
    public Calibrated Calibrate(CalibrationStart start)
    {
        ValueFormat teacherFormat = TeacherLoader.FormatOf(start.Package);
        LanguageModel teacher = phases.Run(Phase.Load, progress => Load(start.Package, progress));
        BaselineResult? baseline = null;
        try
        {
            RunTexts texts = phases.Run(Phase.ReadTexts, progress => ReadTexts(start, teacher, progress));
            baseline = phases.RunTogether(
                Phase.BaselineAnalysis,
                new BaselineFormat(new StatisticsFormat(teacher.Decoder, Settings)),
                progress => Analyze(teacher.Decoder, texts, progress));
            OfferBook book = start.Found is { } found && !books.IsKept
                ? books.Reuse(found)
                : books.Create(start, teacher, texts, baseline, teacherFormat);
            return new Calibrated(
                start.Package,
                teacher,
                texts,
                baseline,
                book,
                teacherFormat,
                target.VectorFormat(teacherFormat));
        }
        catch
        {
            baseline?.Dispose();
            teacher.Dispose();
            throw;
        }
    }

    private RunTexts ReadTexts(CalibrationStart start, LanguageModel teacher, PhaseProgress progress)
    {
        int[] Write(long tokens, int length) => progress.Keep(new WorkPart<int[]>(
            "own-text",
            new JsonFormat<int[]>(),
            () => SelfWrittenText.Write(
                teacher,
                tokens,
                length,
                runtimeOptions.Seed,
                (done, total) => progress.Report(done, total, "tokens written"),
                progress.Cancellation)));
        RunTexts texts = RunTexts.Read(dataOptions, start.Texts, teacher, Write);
        start.Texts.RequireUnchanged();
        IEnumerable<string> advice = TextAdvice.Notes(dataOptions, start.Texts, texts.CalibrationTokens);
        foreach (string note in texts.Notes.Concat(advice))
        {
            progress.Note(note);
        }

        return texts;
    }

    private CalibrationSettings Settings => new(calibrationOptions)
    {
        FisherTokens = dataOptions.FisherTokens,
        OutputMetric = Enum.Parse<OutputMetric>(dataOptions.OutputMetric, ignoreCase: true),
        Seed = runtimeOptions.Seed,
    };

    private BaselineResult Analyze(DecoderModel teacher, RunTexts texts, PhaseProgress progress)
    {
        CalibrationStatistics statistics = new CalibrationPass(Settings, phases.Processes).Run(
            teacher,
            texts.CalibrationWindows(),
            (done, total) => progress.Report(done, total, "tokens"),
            texts.Calibration,
            progress.Cancellation);
        foreach (string note in statistics.Notes)
        {
            progress.Note(note);
        }

        return BaselineResult.Measure(statistics, progress.Cancellation);
    }

    /// <summary>How a run on a model divides memory.</summary>
    /// <param name="package">The teacher.</param>
    public RunMemory MemoryOf(ModelPackage package)
    {
        ModelOutline outline = ModelOutlineReader.Read(package, target);
        return RunMemory.Of(outline.Sites.Sum(site => site.ElementCount), outline.Sites, runtimeOptions.MaxRam?.Bytes);
    }

    private LanguageModel Load(ModelPackage package, PhaseProgress progress)
    {
        foreach (string note in package.Notes)
        {
            progress.Note(note);
        }

        RunMemory memory = MemoryOf(package);
        if (memory.IsStreamed)
        {
            progress.Note("the weights are read from the files when they are used: there is no memory for all of them");
        }

        return TeacherLoader.Load(package, memory.IsStreamed, runtimeOptions.Device);
    }
}
