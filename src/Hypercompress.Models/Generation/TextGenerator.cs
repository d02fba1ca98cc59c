using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Generation;

/// <summary>Continues texts: the prompt in one pass, then one token at a time through the cache.</summary>
public sealed class TextGenerator
{
    private readonly TimeProvider _time;
    private readonly Func<bool, INextToken> _begin;

    // Whether texts may be longer than the model's context, because not all of a text is remembered.
    private readonly bool _goesOn;

    /// <summary>Prepares to make texts with libtorch, in float32.</summary>
    /// <param name="model">The model; stays the caller's.</param>
    /// <param name="time">The clock of the rates.</param>
    public TextGenerator(LanguageModel model, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(model);
        (Text, _time, _begin) = (model.Text, time, _ => new FloatNextToken(model.Decoder));
    }

    /// <summary>Prepares to make texts with whole numbers.</summary>
    /// <param name="text">The text side of the model.</param>
    /// <param name="engine">Its decoder; stays the caller's.</param>
    /// <param name="time">The clock of the rates.</param>
    /// <param name="cache">How keys and values are kept; null for all of them in half precision.</param>
    /// <param name="draft">
    /// Proposes tokens, which the model only checks: the texts are the same, or have the same probabilities where
    /// tokens are drawn. Null for nobody.
    /// </param>
    /// <exception cref="ConfigurationException">The draft does not suit the model.</exception>
    public TextGenerator(
        ModelText text, IntegerDecoder engine, TimeProvider time, CacheOptions? cache = null, Draft? draft = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(engine);
        draft?.Validate(text);
        (Text, _time, _goesOn) = (text, time, cache?.Tokens is not null);
        _begin = goesOn => draft is null
            ? new IntegerNextToken(engine, cache, goesOn)
            : new SpeculativeNextToken(engine.Begin(cache), draft.Engine.Begin(cache), draft.Proposals, time);
    }

    /// <summary>Tokenizer, context and ends of texts of the model.</summary>
    public ModelText Text { get; }

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
        ITokenizer tokenizer = Text.Tokenizer ?? throw new ConfigurationException(
            $"{Text.Label} has no tokenizer.json, so it takes token ids but not text");
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

    /// <summary>Begins a sequence that computes all of its text, and is not gone on with.</summary>
    internal INextToken BeginAlone() => _begin(false);

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
        using INextToken next = _begin(true);
        var sampler = new TokenSampler(options);
        int context = _goesOn ? int.MaxValue : Text.MaxContext;
        var made = new Continuation(Text, prompt.Count, context, options, onText, onToken);

        long started = _time.GetTimestamp();
        made.Add(next.Choose(prompt, sampler, cancellation));
        TimeSpan prefill = _time.GetElapsedTime(started);
        started = _time.GetTimestamp();
        while (made.Stop is null)
        {
            cancellation.ThrowIfCancellationRequested();
            made.Add(next.Choose([made.Last], sampler, cancellation));
        }

        return made.Finish(prefill, _time.GetElapsedTime(started), next) with
        {
            Speculation = next.Speculation,
        };
    }

    private void CheckPrompt(IReadOnlyList<int> prompt)
    {
        if (prompt.Count == 0)
        {
            throw new ConfigurationException("the prompt has no tokens; give at least one");
        }

        if (!_goesOn && prompt.Count >= Text.MaxContext)
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture,
                $"the prompt has {prompt.Count} tokens, {Text.Label} takes up to {Text.MaxContext - 1}; shorten it"));
        }

        int vocabulary = Text.Config.VocabularySize;
        if (prompt.Any(id => id < 0 || id >= vocabulary))
        {
            int wrong = prompt.First(id => id < 0 || id >= vocabulary);
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture,
                $"the prompt has the token id {wrong}, those of {Text.Label} are 0 to {vocabulary - 1}"));
        }
    }
}
