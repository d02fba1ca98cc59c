using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Output;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Cli.Commands.Comparing;

/// <summary>One <c>compare</c>.</summary>
/// <param name="parsed">What was typed.</param>
/// <param name="options">The options of the verb.</param>
/// <param name="terminal">Where progress is shown.</param>
/// <param name="clock">The clock.</param>
internal sealed class CompareRun(ParseResult parsed, CompareOptions options, Terminal terminal, TimeProvider clock)
{
    private readonly EvaluationOptions _evaluation = options.Read(parsed);
    private readonly ModelAccess _access = ModelAccess.Of(parsed, terminal);
    private readonly EvaluationLines _progress = new(terminal, clock);
    private (string Location, ITokenizer? Tokenizer)? _first;

    /// <summary>Gathers what is known of the models, or measures them.</summary>
    /// <returns>The document of <c>--json</c>.</returns>
    /// <exception cref="ConfigurationException">There is one model only, or a teacher but no text.</exception>
    public JsonObject Compare()
    {
        string[] models = parsed.GetValue(options.Models)!;
        string[] texts = parsed.GetValue(options.Text) ?? [];
        string? teacherPath = parsed.GetValue(options.Teacher);
        if (models.Length < 2)
        {
            throw new ConfigurationException("compare needs at least two models");
        }

        if (teacherPath is not null && texts.Length == 0)
        {
            throw new ConfigurationException("--teacher: give --text FILE as well, on which the models are measured");
        }

        Array.ForEach(texts, TokenStream.Check);
        string[] places = [.. models.Select(_access.Locate)];
        string[] names = [.. Names(models)];
        JsonObject[] entries = [.. places.Zip(names, Describe)];
        if (texts.Length > 0)
        {
            using OpenModel? teacher = teacherPath is null ? null : ModelOpener.Open(teacherPath, _access);
            for (int i = 0; i < entries.Length; i++)
            {
                _progress.Model = names[i];
                entries[i]["texts"] = Measure(models[i], teacher, texts);
            }
        }

        return new JsonObject { ["models"] = new JsonArray([.. entries]) };
    }

    // Names as short as tells them apart.
    private static IEnumerable<string> Names(string[] models)
    {
        string[] last = [.. models.Select(model => Path.GetFileName(Path.TrimEndingDirectorySeparator(model)))];
        return last.Distinct(StringComparer.Ordinal).Count() == last.Length && !last.Contains("") ? last : models;
    }

    private JsonObject Describe(string place, string name)
    {
        if (Artifact.IsArtifact(place))
        {
            return ComparedModel.OfReport(name, JsonFile.ReadObject(Path.Combine(place, ArtifactLayout.Report)));
        }

        using ModelPackage package = ModelPackage.Open(place, _access.LocateBase());
        return ComparedModel.OfModel(name, package.PublishedBytes);
    }

    // Perplexities per token of different tokenizers are of different pieces of the same text.
    private void NoteOtherTokens(OpenModel opened)
    {
        _first ??= (opened.Location, opened.Model.Tokenizer);
        if (SharedTokens.Difference(_first.Value.Tokenizer, opened.Model.Tokenizer) is { } difference)
        {
            terminal.Note(
                $"{_first.Value.Location} and {opened.Location} have different tokenizers ({difference}), so "
                + "their perplexities per token cannot be compared");
        }
    }

    private JsonArray Measure(string model, OpenModel? teacher, string[] files)
    {
        using OpenModel opened = ModelOpener.Open(model, _access);
        if (teacher is not null)
        {
            ComparableModels.Require(teacher, opened);
        }

        NoteOtherTokens(opened);
        EvaluationText[] texts = [.. files.Select(file => EvaluationText.Read(file, opened.Model))];
        return teacher is null
            ? new JsonArray([.. texts.Select(text => ComparedModel.OfScores(new PerplexityEvaluator(_evaluation)
                .Evaluate(opened.Model.Decoder, text, _progress, terminal.Cancellation)))])
            : new JsonArray([.. texts.Select(text => ComparedModel.OfComparison(new ModelComparison(_evaluation)
                .Compare(teacher.Model.Decoder, opened.Model.Decoder, text, _progress, terminal.Cancellation)))]);
    }
}
