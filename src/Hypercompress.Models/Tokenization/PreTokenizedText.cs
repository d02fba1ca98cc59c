using System.Text;

namespace Hypercompress.Models.Tokenization;

/// <summary>A normalised text and the pieces that it has been cut into so far; pieces are never empty.</summary>
internal sealed class PreTokenizedText
{
    /// <param name="text">The text; one piece unless it is empty.</param>
    public PreTokenizedText(NormalizedText text)
    {
        (Text, StartsInput, Budget) = (text.Text, text.StartsInput, text.Budget);
        if (Text.Length > 0)
        {
            Pieces.Add(new TextRange(0, Text.Length));
        }
    }

    public string Text { get; private set; }

    /// <summary>Whether the first character of the text stands for the first one of the caller's input.</summary>
    public bool StartsInput { get; private set; }

    /// <summary>The work that may be spent on the text.</summary>
    public WorkBudget Budget { get; }

    public List<TextRange> Pieces { get; private set; } = [];

    public ReadOnlySpan<char> Slice(TextRange range) => Text.AsSpan(range.Start, range.Length);

    /// <summary>Cuts every piece at the matches of a pattern.</summary>
    /// <param name="pattern">What to look for.</param>
    /// <param name="behavior">What becomes of the matches.</param>
    /// <param name="invert">Whether what lies between matches counts as the match.</param>
    public void Cut(ITextPattern pattern, SplitBehavior behavior, bool invert = false)
    {
        Budget.Spend(Text.Length);
        var cut = new List<TextRange>(Math.Max(16, Text.Length / 4));
        var matches = new List<TextRange>();
        foreach (var piece in Pieces)
        {
            matches.Clear();
            pattern.FindMatches(Slice(piece), matches, Budget);
            PieceCutter.Cut(piece, matches, behavior, invert, cut);
        }

        Pieces = cut;
    }

    /// <summary>Rewrites every piece.</summary>
    /// <param name="write">Appends the new text of one piece; the flag says that it starts the input.</param>
    public void Rewrite(Action<ReadOnlySpan<char>, bool, StringBuilder> write)
    {
        var output = new StringBuilder(Text.Length + 16);
        var rewritten = new List<TextRange>(Pieces.Count);
        bool startsInput = false;
        foreach (var piece in Pieces)
        {
            int start = output.Length;
            bool first = StartsInput && piece.Start == 0;
            write(Slice(piece), first, output);
            if (output.Length > start)
            {
                rewritten.Add(new TextRange(start, output.Length - start));
                startsInput |= first;
            }
        }

        Budget.Spend(output.Length);
        Text = output.ToString();
        (Pieces, StartsInput) = (rewritten, startsInput);
    }
}
