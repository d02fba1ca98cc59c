namespace Hypercompress.Models.Tokenization;

/// <summary>Turns the matches in a piece into new pieces (the behaviours of Hugging Face's <c>Split</c>).</summary>
internal static class PieceCutter
{
    /// <summary>Appends the new pieces.</summary>
    /// <param name="piece">Where the piece lies.</param>
    /// <param name="matches">Ascending, disjoint, relative to the piece.</param>
    /// <param name="behavior">What becomes of the matches.</param>
    /// <param name="invert">Whether gaps and matches change roles.</param>
    /// <param name="output">Receives absolute ranges.</param>
    public static void Cut(
        TextRange piece, List<TextRange> matches, SplitBehavior behavior, bool invert, List<TextRange> output)
    {
        int first = output.Count;
        bool previous = false;
        foreach (var (range, matched) in Stretches(piece, matches))
        {
            bool isMatch = matched != invert;
            Add(range, isMatch, previous, behavior, first, output);
            previous = isMatch;
        }

        DropEmpty(output, first);
    }

    // Matches without length take part in what is merged with what, but are not pieces.
    private static void DropEmpty(List<TextRange> output, int first)
    {
        int kept = first;
        for (int i = first; i < output.Count; i++)
        {
            if (output[i].Length > 0)
            {
                output[kept++] = output[i];
            }
        }

        output.RemoveRange(kept, output.Count - kept);
    }

    private static void Add(
        TextRange range, bool isMatch, bool previous, SplitBehavior behavior, int first, List<TextRange> output)
    {
        bool extend = behavior switch
        {
            SplitBehavior.MergedWithPrevious => isMatch && !previous,
            SplitBehavior.Contiguous => isMatch == previous,
            // Of several matches in a row, the last one joins what follows.
            SplitBehavior.MergedWithNext => !isMatch && previous,
            _ => false,
        };
        if (isMatch && behavior == SplitBehavior.Removed)
        {
            return;
        }

        if (extend && output.Count > first)
        {
            var last = output[^1];
            output[^1] = last with { Length = range.End - last.Start };
        }
        else
        {
            output.Add(range);
        }
    }

    private static IEnumerable<(TextRange Range, bool Matched)> Stretches(TextRange piece, List<TextRange> matches)
    {
        int position = 0;
        foreach (var match in matches)
        {
            if (match.Start > position)
            {
                yield return (new TextRange(piece.Start + position, match.Start - position), false);
            }

            yield return (new TextRange(piece.Start + match.Start, match.Length), true);
            position = match.End;
        }

        if (position < piece.Length)
        {
            yield return (new TextRange(piece.Start + position, piece.Length - position), false);
        }
    }
}
