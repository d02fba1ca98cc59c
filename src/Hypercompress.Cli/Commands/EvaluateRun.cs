using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Inference.Attention;

namespace Hypercompress.Cli.Commands;

/// <summary>One <c>evaluate</c>.</summary>
/// <param name="parsed">What was typed.</param>
/// <param name="options">The options of the verb.</param>
/// <param name="terminal">Where progress is shown.</param>
/// <param name="clock">The clock.</param>
internal sealed class EvaluateRun(ParseResult parsed, EvaluateOptions options, Terminal terminal, TimeProvider clock)
{
    private readonly EvaluationOptions _evaluation = options.Read(parsed);
    private readonly string? _path = parsed.GetValue(options.Model);
    private readonly EvaluationLines _progress = new(terminal, clock);

    /// <summary>Measures.</summary>
    /// <returns>The document of <c>--json</c>.</returns>
    public JsonObject Measure()
    {
        TaskSuite? tasks = _evaluation.Tasks.IsEmpty ? null : new TaskSuite(_evaluation);
        bool logsSamples = parsed.GetValue(options.LogSamples);
        ResultFolder? folder = ResultFolder.Open(
            parsed.GetValue(options.Output), logsSamples, tasks, _evaluation, clock);
        if (logsSamples && folder is null && !parsed.GetValue(options.Json))
        {
            throw new ConfigurationException("--log-samples: give --out DIR or --json, where the samples are written");
        }

        Engine engine = EngineOption.Read(parsed, options.Engine);
        if (engine == Engine.Integer && tasks is not null)
        {
            throw new ConfigurationException(
                "--engine integer: tasks are measured by the float engine only; leave out --tasks, or give "
                + "--engine float");
        }

        var cache = new CacheOptions { Format = CacheOption.Read(parsed, options.Cache) };
        EngineOption.RequireInteger(engine, cache == new CacheOptions() ? null : options.Cache.Name);
        tasks?.Check();
        string[] files = Files();
        Array.ForEach(files, TokenStream.Check);
        ModelAccess access = ModelAccess.Of(parsed, terminal);
        using OpenModel model = ModelOpener.Open(_path, access, packs: engine == Engine.Integer);
        using IntegerDecoder? integer = engine == Engine.Integer
            ? IntegerDecoder.Of(model.Model.Decoder, ThreadsOption.Read(parsed.GetValue(options.Threads)))
            : null;
        model.Model.Decoder.Engine = integer is null ? null : new SequenceEngine(integer, cache);
        string? teacherPath = parsed.GetValue(options.Teacher);
        using OpenModel? teacher = teacherPath is null ? null : ModelOpener.Open(teacherPath, access);
        if (teacher is not null)
        {
            ComparableModels.Require(teacher, model);
        }

        EvaluationText[] texts = [.. files.Select(file => EvaluationText.Read(file, model.Model))];

        JsonObject document = teacher is null ? Alone(model, texts) : Beside(teacher, model, texts);
        Action<TaskSamples>? onSamples = folder is not null ? folder.Take
            : logsSamples ? samples => ScoreJson.AddSamples(document, samples)
            : null;
        TaskReport? report = tasks?.Run(model.Model, teacher?.Model, _progress, onSamples, terminal.Cancellation);
        if (report is not null)
        {
            ScoreJson.AddTasks(document, report);
            folder?.Write(report, model, teacher);
        }

        return document;
    }

    private string[] Files() =>
        parsed.GetValue(options.Text) is { Length: > 0 } given ? given
        : !_evaluation.Tasks.IsEmpty ? []
        : _path is null ? [BuiltInModel.HeldOutText]
        : throw new ConfigurationException(
            "there is nothing to evaluate: give --text FILE, or --tasks NAMES with --data-dir DIR");

    private JsonObject Alone(OpenModel model, EvaluationText[] texts)
    {
        var evaluator = new PerplexityEvaluator(_evaluation);
        return ScoreJson.Alone(
            [.. texts.Select(text => evaluator.Evaluate(model.Model.Decoder, text, _progress, terminal.Cancellation))]);
    }

    private JsonObject Beside(OpenModel teacher, OpenModel student, EvaluationText[] texts)
    {
        var comparison = new ModelComparison(_evaluation);
        return ScoreJson.Beside(
            [
                .. texts.Select(text => comparison.Compare(
                    teacher.Model.Decoder, student.Model.Decoder, text, _progress, terminal.Cancellation)),
            ]);
    }
}
