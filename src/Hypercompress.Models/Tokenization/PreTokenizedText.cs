using System.Text;

namespace Hypercompress.Models.Tokenization;

/// <summary>A normalised text and the pieces that it has been cut into so far; pieces are never empty.</summary>
internal sealed class PreTokenizedText
{
    /// <param name="text">The text; one piece unless it is empty.</param>
    /// <param name="startsInput">Whether nothing of the caller's input stands before it.</param>
    public PreTokenizedText(string text, bool startsInput)
    {
        Text = text;
        StartsInput = startsInput;
        if (text.Length > 0)
        {
            Pieces.Add(new TextRange(0, text.Length));
        }
    }

    public string Text { get; private set; }

    public bool StartsInput { get; }

    public List<TextRange> Pieces { get; private set; } = [];

    public ReadOnlySpan<char> Slice(TextRange range) => Text.AsSpan(range.Start, range.Length);

    /// <summary>Cuts every piece at the matches of a pattern.</summary>
    /// <param name="pattern">What to look for.</param>
    /// <param name="behavior">What becomes of the matches.</param>
    /// <param name="invert">Whether what lies between matches counts as the match.</param>
    public void Cut(ITextPattern pattern, SplitBehavior behavior, bool invert = false)
    {
        var cut = new List<TextRange>(Math.Max(16, Text.Length / 4));
        var matches = new List<TextRange>();
        foreach (var piece in Pieces)
        {
            matches.Clear();
            pattern.FindMatches(Slice(piece), matches);
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
        foreach (var piece in Pieces)
        {
            int start = output.Length;
            write(Slice(piece), StartsInput && piece.Start == 0, output);
            if (output.Length > start)
            {
                rewritten.Add(new TextRange(start, output.Length - start));
            }
        }

        Text = output.ToString();
        Pieces = rewritten;
    }
}
