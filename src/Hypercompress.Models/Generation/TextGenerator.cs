using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;
using static TorchSharp.torch;

namespace Hypercompress.Models.Generation;

/// <summary>Continues texts: the prompt in one pass, then one token at a time through the cache.</summary>
/// <param name="model">The model; stays the caller's.</param>
/// <param name="time">The clock of the rates.</param>
/// <param name="engine">
/// Computes in place of the model's own decoder, from the same weights; stays the caller's. Null for the decoder.
/// </param>
public sealed class TextGenerator(LanguageModel model, TimeProvider time, IntegerDecoder? engine = null)
{
    /// <summary>Continues a text.</summary>
    /// <param name="prompt">The text; the tokenizer adds its begin-of-sequence token if it is set to.</param>
    /// <param name="options">How to choose and when to stop.</param>
    /// <param name="onText">Gets the text piece by piece as it comes, or null.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <returns>The continuation.</returns>
    /// <exception cref="ConfigurationException">
    /// An option is out of range, the model has no tokenizer, or the prompt is empty or longer than the model's
    /// context.
    /// </exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public GenerationResult Generate(
        string prompt,
        SamplingOptions options,
        Action<string>? onText = null,
        CancellationToken cancellation = default)
    {
        ITokenizer tokenizer = model.Tokenizer ?? throw new ConfigurationException(
            $"{model.Label} has no tokenizer.json, so it takes token ids but not text");
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
    /// An option is out of range, or the prompt is empty, longer than the model's context, or has an id outside the
    /// vocabulary.
    /// </exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public GenerationResult Generate(
        IReadOnlyList<int> prompt,
        SamplingOptions options,
        Action<string>? onText = null,
        CancellationToken cancellation = default) => Run(prompt, options, onText, onToken: null, cancellation);

    /// <summary>Continues a sequence of ids for somebody who wants every token.</summary>
    /// <param name="prompt">The ids, at least one.</param>
    /// <param name="options">How to choose and when to stop.</param>
    /// <param name="onToken">
    /// Gets every token but the one that ends the text, as it comes, and says whether to go on; null for nobody.
    /// </param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <returns>The continuation.</returns>
    /// <exception cref="ConfigurationException">
    /// An option is out of range, or the prompt is empty, longer than the model's context, or has an id outside the
    /// vocabulary.
    /// </exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public GenerationResult Follow(
        IReadOnlyList<int> prompt,
        SamplingOptions options,
        Func<GeneratedToken, bool>? onToken,
        CancellationToken cancellation = default) => Run(prompt, options, onText: null, onToken, cancellation);

    private GenerationResult Run(
        IReadOnlyList<int> prompt,
        SamplingOptions options,
        Action<string>? onText,
        Func<GeneratedToken, bool>? onToken,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CheckPrompt(prompt);
        using var noGrad = no_grad();
        using INextToken next = engine is null ? new FloatNextToken(model.Decoder) : new IntegerNextToken(engine);
        using var sampler = new TokenSampler(options);
        var made = new Continuation(model, prompt.Count, options, onText, onToken);

        long started = time.GetTimestamp();
        made.Add(next.Choose(prompt, sampler, cancellation));
        TimeSpan prefill = time.GetElapsedTime(started);
        started = time.GetTimestamp();
        while (made.Stop is null)
        {
            cancellation.ThrowIfCancellationRequested();
            made.Add(next.Choose([made.Last], sampler, cancellation));
        }

        return made.Finish(prefill, time.GetElapsedTime(started), next.BytesPerToken);
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
                $"the prompt has the token id {wrong}, those of {model.Label} are 0 to {vocabulary - 1}"));
        }
    }
}
