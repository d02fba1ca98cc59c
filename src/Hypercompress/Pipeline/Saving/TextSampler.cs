using System.Collections.Immutable;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Reporting;

namespace Hypercompress.Pipeline.Saving;

/// <summary>Lets both models continue the validation texts.</summary>
/// <param name="clock">For timing.</param>
internal sealed class TextSampler(TimeProvider clock)
{
    private const int PromptTokens = 12;
    private const int SampleTokens = 80;
    private const int MostTexts = 2;
    private const int MostPlaces = 50;
    private const double Temperature = 0.8;
    private const long Seed = 1;

    /// <summary>Writes the continuations.</summary>
    /// <param name="bundle">Teacher and student.</param>
    /// <param name="texts">The run's texts.</param>
    /// <returns>Greedy ones of the first texts, then a drawn one of the first text.</returns>
    public ImmutableArray<ContinuationReport> Write(ModelBundle bundle, RunTexts texts)
    {
        int length = int.Min(PromptTokens, bundle.Teacher.MaxContext - 1);
        ImmutableArray<ImmutableArray<int>> prompts =
        [
            .. texts.Validation.Where(text => !text.Ids.IsEmpty).Take(MostTexts)
                .Select(text => Beginning(text, bundle.Teacher, length)),
        ];
        return
        [
            .. prompts.Select(prompt => Continue(bundle, prompt, 0)),
            Continue(bundle, prompts[0], Temperature),
        ];
    }

    // A text that was held back begins where the one before it was cut. No prompt goes over the end of a text.
    private static ImmutableArray<int> Beginning(EvaluationText text, LanguageModel model, int length)
    {
        ReadOnlySpan<int> ids = text.Ids.Span;
        if (model.Tokenizer is not { } tokenizer)
        {
            return [.. ids[..int.Min(length, ids.Length)]];
        }

        int start = RunTexts.IsHeldBack(text) ? PromptStart.Find(tokenizer, ids, length) : 0;
        ImmutableArray<int> first = [.. ids.Slice(start, int.Min(length, ids.Length - start))];
        ImmutableArray<int> prompt = first;
        for (int place = 0; place < MostPlaces && prompt.Length == first.Length; place++)
        {
            if (!GoesOverAnEnd(prompt, model, tokenizer))
            {
                return prompt[..PromptStart.EndOfWord(tokenizer, ids[start..], prompt.Length)];
            }

            ReadOnlySpan<int> rest = ids[(start + 1)..];
            start += 1 + PromptStart.Find(tokenizer, rest, length);
            prompt = [.. ids.Slice(start, int.Min(length, ids.Length - start))];
        }

        return first;
    }

    // The first token may be the one that begins a text, which is the one that ends it for many models.
    private static bool GoesOverAnEnd(ImmutableArray<int> prompt, LanguageModel model, ITokenizer tokenizer) =>
        prompt.Skip(1).Any(EndsOf(model, tokenizer).Contains)
        || SampleText.HasMark(tokenizer.Decode([.. prompt], skipSpecialTokens: true));

    private static ImmutableArray<int> EndsOf(LanguageModel model, ITokenizer tokenizer) =>
        tokenizer.EosTokenId is { } end ? model.Text.EndTokenIds.Add(end) : model.Text.EndTokenIds;

    private ContinuationReport Continue(ModelBundle bundle, ImmutableArray<int> prompt, double temperature)
    {
        var sampling = new SamplingOptions
        {
            MaxTokens = SampleTokens,
            Temperature = temperature,
            Seed = (ulong)Seed,
            StopIds = bundle.Teacher.Tokenizer is { } tokenizer ? EndsOf(bundle.Teacher, tokenizer) : [],
        };
        string Write(LanguageModel model)
        {
            GenerationResult result = new TextGenerator(model, clock).Generate(prompt, sampling);
            return model.Tokenizer is null
                ? Show(model, result.TokenIds)
                : SampleText.Of(result.Text, result.StopReason);
        }

        // The student keeps its owner: only the names around it are new.
        LanguageModel student = bundle.Teacher.With(bundle.Student!);
        return new ContinuationReport(
            Show(bundle.Teacher, prompt).Trim(), Write(bundle.Teacher), Write(student), temperature, Seed);
    }

    /// <summary>The text of tokens; their ids for a model without a tokenizer.</summary>
    private static string Show(LanguageModel model, ImmutableArray<int> ids) =>
        model.Tokenizer?.Decode([.. ids], skipSpecialTokens: true) ?? string.Join(' ', ids);
}
