using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>
/// Cuts a text so that every token is scored once: as lm-evaluation-harness does, in windows of the length that the
/// model reads, the last one filled with tokens that were scored before.
/// </summary>
internal static class RollingWindows
{
    /// <summary>Cuts.</summary>
    /// <param name="tokens">The text; may be empty.</param>
    /// <param name="prefix">The token before the first one.</param>
    /// <param name="maxLength">Tokens that the model reads at once, at least 1.</param>
    /// <param name="contextLength">
    /// Tokens before a window's first scored one, at least 1, at most <paramref name="maxLength"/>; the last window has
    /// more.
    /// </param>
    /// <returns>For every window what is only read, and what is scored.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length is out of its range.</exception>
    public static ImmutableArray<(int[] Context, int[] Scored)> Cut(
        int[] tokens, int prefix, int maxLength, int contextLength)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contextLength, maxLength);
        if (tokens.Length == 0)
        {
            return [];
        }

        int step = maxLength - contextLength + 1;
        int end = Math.Min(maxLength, tokens.Length);
        var windows = ImmutableArray.CreateBuilder<(int[] Context, int[] Scored)>();
        windows.Add(([prefix], tokens[..end]));
        while (end < tokens.Length)
        {
            int next = Math.Min(end + step, tokens.Length);
            windows.Add((tokens[(next - maxLength - 1)..end], tokens[end..next]));
            end = next;
        }

        return windows.ToImmutable();
    }
}
