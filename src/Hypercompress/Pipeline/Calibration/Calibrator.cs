using System.Globalization;
using Hypercompress.Analysis;
using Hypercompress.Analysis.Moments;
using Hypercompress.Configuration;
using Hypercompress.Journal;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Preparing;
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
/// <param name="students">Makes models that are compressed in place of the teacher.</param>
/// <param name="phases">Runs the phases.</param>
internal sealed class Calibrator(
    DataOptions dataOptions,
    CalibrationOptions calibrationOptions,
    RuntimeOptions runtimeOptions,
    RuntimeTarget target,
    OfferBookStore books,
    StudentMaker students,
    PhaseRunner phases)
{
    /// <summary>Hashes the texts and looks for offers that an earlier run has written.</summary>
    /// <param name="package">The teacher.</param>
    /// <param name="statisticsFile">File that keeps the offers; null for none.</param>
    /// <param name="student">What is compressed in place of the teacher; null for the teacher itself.</param>
    /// <returns>What is known before any work.</returns>
    /// <exception cref="Models.Errors.CheckpointException">A text or the file of statistics cannot be read.</exception>
    /// <exception cref="Models.Errors.ConfigurationException">
    /// The statistics were made from other inputs, or cannot be written where the file is to be; or the runtime does
    /// not hold the model.
    /// </exception>
    public CalibrationStart Prepare(ModelPackage package, string? statisticsFile, StudentDesign? student = null)
    {
        target.Require(student?.Sizes ?? package.ReadDecoderConfig(), student?.Outline ?? package.Config);
        TextHashes hashes = TextHashes.Of(dataOptions);
        hashes.RequireText();
        RunTexts.Check(dataOptions, package);
        var origin = books.OriginOf(package, hashes, student?.Other);
        return new CalibrationStart(package, statisticsFile, hashes, origin, books.TryOpen(statisticsFile, origin))
        {
            Student = student,
        };
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
        LanguageModel teacher = phases.Run(Phase.Load, progress => Load(start, progress));
        BaselineResult? baseline = null;
        PreparedStudent? prepared = null;
        try
        {
            RunTexts texts = phases.Run(Phase.ReadTexts, progress => ReadTexts(start, teacher, progress));
            prepared = Prepare(start, teacher.Decoder, texts);
            LanguageModel source = prepared is null ? teacher : teacher.With(prepared.Model);
            var format = new BaselineFormat(new StatisticsFormat(source.Decoder, Settings));
            baseline = phases.RunTogether(
                Phase.BaselineAnalysis,
                format,
                progress => FindOrAnalyze(start, format, source.Decoder, texts, progress));
            RemoveLayers(source.Decoder);
            OfferBook book = start.Found is { } found && !books.IsKept
                ? books.Reuse(found)
                : books.Create(start, source, texts, baseline, teacherFormat);
            return new Calibrated(
                start.Package,
                teacher,
                texts,
                baseline,
                book,
                teacherFormat,
                target.VectorFormat(teacherFormat))
            {
                Fingerprint = start.Origin[OfferBookFingerprint.Model],
                Prepared = prepared,
            };
        }
        catch
        {
            baseline?.Dispose();
            prepared?.Model.Dispose();
            teacher.Dispose();
            throw;
        }
    }

    private PreparedStudent? Prepare(CalibrationStart start, DecoderModel teacher, RunTexts texts) =>
        start.Student is not { } design
            ? null
            : phases.RunTogether(
                Phase.Student,
                new PreparedStudentFormat(teacher.Device),
                progress => students.Make(
                    design, teacher, start.Origin[OfferBookFingerprint.Model], texts, progress));

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

    // Several processes share the work instead: they need not see the same files.
    private BaselineResult FindOrAnalyze(
        CalibrationStart start,
        BaselineFormat format,
        DecoderModel model,
        RunTexts texts,
        PhaseProgress progress)
    {
        if (phases.Processes.Size > 1)
        {
            return Analyze(model, texts, progress);
        }

        if (BaselineStore.TryRead(start, format) is { } kept)
        {
            progress.Note($"calibration statistics come from {BaselineStore.FolderOf(start.StatisticsFile!)}");
            return kept;
        }

        BaselineResult made = Analyze(model, texts, progress);
        BaselineStore.Write(start, made, format);
        return made;
    }

    private BaselineResult Analyze(DecoderModel model, RunTexts texts, PhaseProgress progress)
    {
        LayerMoments Keep(int layer, IJournalFormat<LayerMoments> format, Func<LayerMoments> work) =>
            progress.KeepTogether(new WorkPart<LayerMoments>(NameOf(layer), format, work));
        CalibrationStatistics statistics = new CalibrationPass(Settings, phases.Processes, Keep).Run(
            model,
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

    // They are in the result of the whole phase.
    private void RemoveLayers(DecoderModel model)
    {
        for (int layer = 0; layer < model.Config.Layers; layer++)
        {
            phases.Journal?.Remove(NameOf(layer));
        }
    }

    private static string NameOf(int layer) => string.Create(CultureInfo.InvariantCulture, $"inputs-{layer}");

    /// <summary>How a run on a model divides memory.</summary>
    /// <param name="package">The teacher.</param>
    /// <param name="student">What is compressed in its place; null for the teacher itself.</param>
    /// <exception cref="Models.Errors.ConfigurationException">
    /// There is a student, which has to be trained, and no memory for all weights.
    /// </exception>
    public RunMemory MemoryOf(ModelPackage package, StudentDesign? student = null)
    {
        ModelOutline outline = ModelOutlineReader.Read(package, target, student);
        long weights = outline.Sites.Sum(site => site.ElementCount) + (student is null ? 0 : package.ParameterCount);
        RunMemory memory = RunMemory.Of(weights, outline.Sites, runtimeOptions.MaxRam?.Bytes);
        return memory.IsStreamed && student is not null
            ? throw new Models.Errors.ConfigurationException(
                "student.model: training a student needs all weights of both models in memory, and there is not enough "
                + "of it; raise --max-ram, or leave the student out")
            : memory;
    }

    private LanguageModel Load(CalibrationStart start, PhaseProgress progress)
    {
        ModelPackage package = start.Package;
        foreach (string note in package.Notes)
        {
            progress.Note(note);
        }

        RunMemory memory = MemoryOf(package, start.Student);
        if (memory.IsStreamed)
        {
            progress.Note("the weights do not fit into memory and are read from the files when they are used");
        }

        return TeacherLoader.Load(package, memory.IsStreamed, runtimeOptions.Device);
    }
}
