using System.Collections.Immutable;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>Cuts a text into windows by one of the two conventions in use.</summary>
internal static class WindowPlan
{
    /// <summary>Cuts a text.</summary>
    /// <param name="tokens">Tokens of the text.</param>
    /// <param name="options">Convention, window, stride and limit.</param>
    /// <param name="file">Where the text comes from, for messages.</param>
    /// <returns>At least one window.</returns>
    /// <exception cref="CheckpointException">
    /// The text has fewer than two tokens, so that nothing can be predicted.
    /// </exception>
    public static ImmutableArray<TokenWindow> For(int tokens, EvaluationOptions options, string file)
    {
        ArgumentNullException.ThrowIfNull(options);
        int used = Math.Min(tokens, options.MaxTokens ?? int.MaxValue);
        if (used < 2)
        {
            throw new CheckpointException(
                file, $"the text has {used} token(s); perplexity needs at least 2, one to read and one to predict");
        }

        return options.Convention == EvaluationOptions.Sliding
            ? Slide(used, options.Window, options.Stride ?? Math.Max(1, options.Window / 2))
            : Cut(used, options.Window);
    }

    // A text shorter than a window is one window; what is left over after the last whole window is dropped.
    private static ImmutableArray<TokenWindow> Cut(int tokens, int window)
    {
        int length = Math.Min(tokens, window);
        return [.. Enumerable.Range(0, tokens / length).Select(index => new TokenWindow(index * length, length, 1))];
    }

    // Every window scores what the one before did not reach; the very first token of the text has nothing before it.
    private static ImmutableArray<TokenWindow> Slide(int tokens, int window, int stride)
    {
        var windows = ImmutableArray.CreateBuilder<TokenWindow>();
        int scored = 0;
        for (int start = 0; scored < tokens; start += stride)
        {
            int end = Math.Min(start + window, tokens);
            int first = Math.Max(scored, start + 1);
            if (first < end)
            {
                windows.Add(new TokenWindow(start, end - start, first - start));
            }

            scored = end;
        }

        return windows.ToImmutable();
    }
}
