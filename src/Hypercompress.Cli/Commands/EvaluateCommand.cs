using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Output;
using Hypercompress.Evaluation;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Cli.Commands;

/// <summary><c>evaluate</c>: perplexity of any model, alone or beside its teacher.</summary>
internal static class EvaluateCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new EvaluateOptions();
        var command = new Command("evaluate", "Measures perplexity, alone or beside a teacher");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            ThreadsOption.Apply(parsed.GetValue(options.Threads));
            string? model = parsed.GetValue(options.Model);
            HubAccess hub = HubAccess.Of(parsed, terminal);
            using OpenModel opened = ModelOpener.Open(model, hub);
            string? teacherPath = parsed.GetValue(options.Teacher);
            using OpenModel? teacher = teacherPath is null ? null : ModelOpener.Open(teacherPath, hub);
            EvaluationText[] texts = [.. Files(parsed.GetValue(options.Text), model).Select(file => EvaluationText.Read(file, opened.Model))];
            EvaluationOptions evaluation = options.Read(parsed);
            JsonObject document = teacher is null
                ? Alone(opened, texts, evaluation, terminal)
                : Beside(teacher, opened, texts, evaluation, terminal);
            if (parsed.GetValue(options.Json))
            {
                terminal.WriteJson(document);
            }
            else
            {
                Print(terminal.Results, document);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static string[] Files(string[]? given, string? model) =>
        given is { Length: > 0 } ? given
        : model is null ? [BuiltInModel.HeldOutText]
        : throw new ConfigurationException("evaluate needs a text: give --text FILE");

    private static JsonObject Alone(
        OpenModel opened, EvaluationText[] texts, EvaluationOptions options, Terminal terminal)
    {
        var evaluator = new PerplexityEvaluator(options);
        var progress = new EvaluationLines(terminal, TimeProvider.System);
        return new JsonObject
        {
            ["perplexity"] = new JsonArray(
            [
                .. texts.Select(text => ToJson(
                    evaluator.Evaluate(opened.Model.Decoder, text, progress, terminal.Cancellation))),
            ]),
        };
    }

    private static JsonObject Beside(
        OpenModel teacher, OpenModel student, EvaluationText[] texts, EvaluationOptions options, Terminal terminal)
    {
        EvaluationReport report = new EvaluationSuite(options).Run(
            teacher.Model.Decoder, student.Model.Decoder, texts, new EvaluationLines(terminal, TimeProvider.System), terminal.Cancellation);
        return new JsonObject
        {
            ["perplexity"] = new JsonArray([.. report.Texts.Select(text => ToJson(text.Student))]),
            ["teacher_perplexity"] = new JsonArray([.. report.Texts.Select(text => ToJson(text.Teacher))]),
            ["comparison"] = new JsonArray([.. report.Texts.Select(ToJson)]),
        };
    }

    private static JsonNode ToJson(PerplexityResult result) => double.IsFinite(result.NegativeLogLikelihood)
        ? Row(result)
        : throw new NumericalException($"{result.File}: the model answers with values that are not numbers; its weights are broken");

    private static JsonObject Row(PerplexityResult result) => new()
    {
        ["file"] = result.File,
        ["convention"] = result.Convention,
        ["window"] = result.Window,
        ["ppl"] = result.Perplexity,
        ["nll"] = result.NegativeLogLikelihood,
        ["stderr"] = result.PerplexityStandardError,
        ["nll_stderr"] = result.StandardError,
        ["tokens"] = result.Tokens,
        ["accuracy"] = result.Accuracy,
        ["accuracy_stderr"] = result.AccuracyStandardError,
    };

    private static JsonNode ToJson(ComparisonResult result) => new JsonObject
    {
        ["file"] = result.Student.File,
        ["kl"] = result.Divergence,
        ["kl_stderr"] = result.DivergenceStandardError,
        ["agreement"] = result.Agreement,
        ["agreement_stderr"] = result.AgreementStandardError,
        ["nll_difference"] = result.LossDifference,
        ["nll_difference_stderr"] = result.LossDifferenceStandardError,
    };

    private static void Print(TextWriter results, JsonObject document)
    {
        foreach ((string key, string label) in new[] { ("teacher_perplexity", "teacher "), ("perplexity", "") })
        {
            foreach (JsonNode? row in document[key]?.AsArray() ?? [])
            {
                results.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{label}{row!["file"]}: perplexity {(double)row["ppl"]!:F4} ± {(double)row["stderr"]!:F4} ({row["convention"]}, {row["tokens"]} tokens), accuracy {(double)row["accuracy"]!:P2}"));
            }
        }

        foreach (JsonNode? row in document["comparison"]?.AsArray() ?? [])
        {
            results.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row!["file"]}: KL {(double)row["kl"]!:F4} nats, same first guess {(double)row["agreement"]!:P1}"));
        }
    }
}
