using Hypercompress.Models.Generation.Streaming;
using Hypercompress.Models.Packages;

namespace Hypercompress.Models.Generation;

/// <summary>The tokens that were made so far, and whether there will be more.</summary>
/// <param name="model">The model.</param>
/// <param name="promptTokens">Tokens of the prompt.</param>
/// <param name="context">The most tokens of prompt and text.</param>
/// <param name="options">When to stop.</param>
/// <param name="onText">Gets the text piece by piece as it comes, or null.</param>
/// <param name="onToken">Gets every token but an ending one, and says whether to go on; or null.</param>
internal sealed class Continuation(
    ModelText model,
    int promptTokens,
    int context,
    SamplingOptions options,
    Action<string>? onText,
    Func<GeneratedToken, bool>? onToken)
{
    private readonly List<int> _ids = [];
    private readonly HashSet<int> _ends = [.. options.StopIds, .. options.IgnoreEnd ? [] : model.EndTokenIds];
    private readonly TextStream? _stream =
        model.Tokenizer is null || onText is null ? null : new TextStream(model.Tokenizer);

    /// <summary>The last token.</summary>
    public int Last => _ids[^1];

    /// <summary>Why it ended; null while it goes on.</summary>
    public StopReason? Stop { get; private set; }

    /// <summary>Takes tokens until one ends the text, and passes their text on.</summary>
    public void Add(IReadOnlyList<GeneratedToken> tokens)
    {
        for (int i = 0; i < tokens.Count && Stop is null; i++)
        {
            Add(tokens[i]);
        }
    }

    private void Add(GeneratedToken token)
    {
        _ids.Add(token.Id);
        if (_ends.Contains(token.Id))
        {
            Stop = StopReason.EndToken;
            return;
        }

        Send(_stream?.Push(token.Id));
        Stop = onToken?.Invoke(token) == false ? StopReason.Stopped
            : _ids.Count >= options.MaxTokens ? StopReason.MaxTokens
            : promptTokens + _ids.Count >= context ? StopReason.ContextFull
            : null;
    }

    /// <summary>Passes on the rest of the text, and says what was made.</summary>
    /// <param name="prefill">Time of the prompt.</param>
    /// <param name="decode">Time of the tokens after the first.</param>
    /// <param name="next">What computed it.</param>
    public GenerationResult Finish(TimeSpan prefill, TimeSpan decode, INextToken next)
    {
        Send(_stream?.Flush());
        return new GenerationResult
        {
            TokenIds = [.. _ids],
            Text = Text(),
            StopReason = Stop!.Value,
            PromptTokens = promptTokens,
            KnownTokens = next.KnownTokens,
            PrefillTokensPerSecond = Rate(promptTokens - next.KnownTokens, prefill),
            DecodeTokensPerSecond = Rate(_ids.Count - 1, decode),
            KvBytesPerToken = next.BytesPerToken,
        };
    }

    private string Text()
    {
        List<int> shown = Stop == StopReason.EndToken ? _ids[..^1] : _ids;
        return model.Tokenizer?.Decode(shown, skipSpecialTokens: true) ?? "";
    }

    private void Send(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            onText?.Invoke(text);
        }
    }

    private static double Rate(int tokens, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero ? tokens / elapsed.TotalSeconds : 0;
}
