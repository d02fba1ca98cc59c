using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Models.Generation;

/// <summary>Continues texts: the prompt in one pass, then one token at a time through the cache.</summary>
/// <param name="model">The model; stays the caller's.</param>
/// <param name="time">The clock for the rates.</param>
public sealed class TextGenerator(LanguageModel model, TimeProvider time)
{
    /// <summary>Continues a text.</summary>
    /// <param name="prompt">The text; the tokenizer adds its begin-of-sequence token where it has that habit.</param>
    /// <param name="options">How to choose and when to stop.</param>
    /// <param name="onText">Gets the text piece by piece as it comes, or null.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <returns>The continuation.</returns>
    /// <exception cref="ConfigurationException">
    /// An option is out of range, the model has no tokenizer, or the prompt is empty or longer than the model's
    /// context.
    /// </exception>
    /// <exception cref="NumericalException">The model gave logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public GenerationResult Generate(
        string prompt,
        SamplingOptions options,
        Action<string>? onText = null,
        CancellationToken cancellation = default)
    {
        ITokenizer tokenizer = model.Tokenizer ?? throw new ConfigurationException(
            $"{model.Label} has no tokenizer.json, so it takes token ids but no text");
        return Generate(tokenizer.EncodePrompt(prompt), options, onText, cancellation);
    }

    /// <summary>Continues a sequence of ids.</summary>
    /// <param name="prompt">The ids, at least one.</param>
    /// <param name="options">How to choose and when to stop.</param>
    /// <param name="onText">
    /// Gets the text piece by piece as it comes, or null; never called without a tokenizer.
    /// </param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <returns>The continuation.</returns>
    /// <exception cref="ConfigurationException">
    /// An option is out of range, or the prompt is empty, longer than the model's context, or not of its vocabulary.
    /// </exception>
    /// <exception cref="NumericalException">The model gave logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public GenerationResult Generate(
        IReadOnlyList<int> prompt,
        SamplingOptions options,
        Action<string>? onText = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CheckPrompt(prompt);
        using var noGrad = no_grad();
        using var cache = new KvCache(model.Decoder);
        using var sampler = new TokenSampler(options);
        TextStream? stream = model.Tokenizer is null || onText is null ? null : new TextStream(model.Tokenizer);
        HashSet<int> ends = [.. options.StopIds, .. options.IgnoreEnd ? [] : model.EndTokenIds];

        long started = time.GetTimestamp();
        List<int> made = [Step(prompt, cache, sampler)];
        TimeSpan prefill = time.GetElapsedTime(started);
        started = time.GetTimestamp();
        StopReason? stop = Report(made, ends, prompt.Count, options, stream, onText);
        while (stop is null)
        {
            cancellation.ThrowIfCancellationRequested();
            made.Add(Step([made[^1]], cache, sampler));
            stop = Report(made, ends, prompt.Count, options, stream, onText);
        }

        TimeSpan decode = time.GetElapsedTime(started);
        Send(stream?.Flush(), onText);
        return new GenerationResult
        {
            TokenIds = [.. made],
            Text = Text(made, stop.Value),
            StopReason = stop.Value,
            PromptTokens = prompt.Count,
            PrefillTokensPerSecond = Rate(prompt.Count, prefill),
            DecodeTokensPerSecond = Rate(made.Count - 1, decode),
            KvBytesPerToken = cache.BytesPerToken(),
        };
    }

    private int Step(IReadOnlyList<int> ids, KvCache cache, TokenSampler sampler)
    {
        using var scope = NewDisposeScope();
        DecoderModel decoder = model.Decoder;
        Tensor input = tensor([.. ids.Select(id => (long)id)], device: decoder.Device).unsqueeze(0);
        Tensor hidden = decoder.Hidden(input, cache);
        Tensor logits = decoder.Logits(hidden.narrow(1, hidden.shape[1] - 1, 1));
        return sampler.Next(logits.reshape(-1));
    }

    /// <summary>Passes the last token on and says whether it was the last one.</summary>
    private StopReason? Report(
        List<int> made,
        HashSet<int> ends,
        int promptLength,
        SamplingOptions options,
        TextStream? stream,
        Action<string>? onText)
    {
        if (ends.Contains(made[^1]))
        {
            return StopReason.EndToken;
        }

        Send(stream?.Push(made[^1]), onText);
        if (made.Count >= options.MaxTokens)
        {
            return StopReason.MaxTokens;
        }

        return promptLength + made.Count >= model.MaxContext ? StopReason.ContextFull : null;
    }

    private string Text(List<int> made, StopReason stop)
    {
        List<int> shown = stop == StopReason.EndToken ? made[..^1] : made;
        return model.Tokenizer?.Decode(shown, skipSpecialTokens: true) ?? "";
    }

    private void CheckPrompt(IReadOnlyList<int> prompt)
    {
        if (prompt.Count == 0)
        {
            throw new ConfigurationException("the prompt has no tokens; give at least one");
        }

        if (prompt.Count >= model.MaxContext)
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture,
                $"the prompt has {prompt.Count} tokens, {model.Label} takes up to {model.MaxContext - 1}; shorten it"));
        }

        int vocabulary = model.Decoder.Config.VocabularySize;
        if (prompt.Any(id => id < 0 || id >= vocabulary))
        {
            int wrong = prompt.First(id => id < 0 || id >= vocabulary);
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture,
                $"the prompt has token id {wrong}, {model.Label} knows 0 to {vocabulary - 1}"));
        }
    }

    private static void Send(string? text, Action<string>? onText)
    {
        if (!string.IsNullOrEmpty(text))
        {
            onText?.Invoke(text);
        }
    }

    private static double Rate(int tokens, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero ? tokens / elapsed.TotalSeconds : 0;
}
