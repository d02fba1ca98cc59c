using System.Text.RegularExpressions;
using Hypercompress.Models.Generation;

namespace Hypercompress.Pipeline.Saving;

/// <summary>Texts of models as they are shown: whole words, and no tokens that only programs read.</summary>
internal static partial class SampleText
{
    private const string More = " …";

    // Longer pieces without a space are not words: some scripts have no spaces.
    private const int LongestWord = 40;

    /// <summary>The text that a model has written.</summary>
    /// <param name="text">The text, without the tokens that the tokenizer marks as special.</param>
    /// <param name="reason">Why it ended.</param>
    /// <returns>
    /// The text up to its end; where it would have gone on, up to the last whole word, with an ellipsis.
    /// </returns>
    public static string Of(string text, StopReason reason)
    {
        if (EndMark().Match(text) is { Success: true } mark)
        {
            return text[..mark.Index].TrimEnd();
        }

        return reason == StopReason.EndToken ? text.TrimEnd() : WholeWords(text) + More;
    }

    /// <summary>Whether a text has a mark in it that is a token to other programs.</summary>
    /// <param name="text">Any text.</param>
    public static bool HasMark(string text) => EndMark().IsMatch(text);

    // What was cut within a word, or within a letter, is left out.
    private static string WholeWords(string text)
    {
        int space = text.AsSpan().LastIndexOfAny(" \n\t");
        return space > 0 && text.Length - space <= LongestWord
            ? text[..space].TrimEnd()
            : text.TrimEnd('\uFFFD');
    }

    // A model that was trained on such marks as plain text spells them.
    [GeneratedRegex(@"<\|[^|<>\s]+\|>|</s>")]
    private static partial Regex EndMark();
}
