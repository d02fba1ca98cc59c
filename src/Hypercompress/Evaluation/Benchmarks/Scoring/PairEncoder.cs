using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>
/// Encodes a context and a continuation as lm-evaluation-harness does: white space at the end of the context moves to
/// the continuation, both are encoded together, and the split is where the context alone has as many tokens. A text
/// that begins with the begin-of-sequence token gets no second one.
/// </summary>
/// <param name="tokenizer">The tokenizer; adds its special tokens where it has that habit.</param>
/// <param name="maxLength">Tokens that the model reads at once.</param>
public sealed class PairEncoder(ITokenizer tokenizer, int maxLength)
{
    // The options of a question have one context.
    private (string Text, int[] Ids) _latest = (string.Empty, []);

    /// <summary>
    /// The token before a text without context: begin of sequence, else end of sequence.
    /// </summary>
    /// <exception cref="ConfigurationException">The tokenizer has neither.</exception>
    public int PrefixToken => tokenizer.BosTokenId ?? tokenizer.EosTokenId ?? throw new ConfigurationException(
        "the tokenizer names neither a begin-of-sequence nor an end-of-sequence token, which a text without context "
        + "begins with; name one in tokenizer_config.json");

    /// <summary>Encodes a pair.</summary>
    /// <param name="context">May be empty.</param>
    /// <param name="continuation">What is scored.</param>
    /// <returns>The tokens, cut from the left to what the model reads.</returns>
    /// <exception cref="ConfigurationException">
    /// The continuation has no token of its own: it is empty, or it melts into the last token of the context.
    /// </exception>
    public ScoredSequence Encode(string context, string continuation)
    {
        ArgumentNullException.ThrowIfNull(context);
        (int[] before, int[] after) = context.Length == 0 ? WithoutContext(continuation) : Split(context, continuation);
        return before.Length > 0 && after.Length is > 0 && after.Length <= maxLength
            ? ScoredSequence.Of(before, after, maxLength)
            : throw new ConfigurationException(
                $"the continuation '{continuation}' has {after.Length} token(s) of its own after {before.Length} of "
                + $"its context; it needs 1 to {maxLength}, and a context before it. Does it begin with a space?");
    }

    /// <summary>Encodes a text that is scored from its beginning to its end.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Its windows; none for an empty text.</returns>
    public IEnumerable<ScoredSequence> EncodeRolling(string text) => RollingWindows
        .Cut(tokenizer.EncodePrompt(text), PrefixToken, maxLength, contextLength: 1)
        .Select(window => ScoredSequence.Of(window.Context, window.Scored, maxLength));

    private (int[] Before, int[] After) WithoutContext(string continuation)
    {
        int[] ids = tokenizer.Encode(continuation, addSpecialTokens: false);
        return ids.Length > 0 && ids[0] == PrefixToken ? (ids[..1], ids[1..]) : ([PrefixToken], ids);
    }

    private (int[] Before, int[] After) Split(string context, string continuation)
    {
        int end = context.Length;
        while (end > 0 && PythonText.IsSpace(context[end - 1]))
        {
            end--;
        }

        int[] whole = tokenizer.EncodePrompt(context + continuation);
        int[] before = EncodeContext(context[..end]);
        return before.Length < whole.Length ? (before, whole[before.Length..]) : (before, []);
    }

    private int[] EncodeContext(string context)
    {
        if (_latest.Text != context)
        {
            _latest = (context, tokenizer.EncodePrompt(context));
        }

        return _latest.Ids;
    }
}
