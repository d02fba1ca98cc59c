namespace Hypercompress.Cli.Output;

/// <summary>The last line of a terminal, which is written again and again; finished lines stay above it.</summary>
/// <param name="screen">Standard error, a terminal.</param>
/// <param name="width">Columns of the terminal; asked for every line, since windows change their size.</param>
internal sealed class LiveLine(TextWriter screen, Func<int> width)
{
    private int _shown;

    /// <summary>Columns that a live line may have; in the last one, terminals break lines.</summary>
    public int Columns => Math.Max(1, width() - 1);

    /// <summary>Whether the terminal can be sent block characters.</summary>
    public bool HasBlocks { get; } = screen.Encoding.WebName.StartsWith("utf-", StringComparison.Ordinal);

    /// <summary>Replaces the live line.</summary>
    /// <param name="text">One line; what does not fit is cut.</param>
    public void Show(string text)
    {
        string printable = PrintableText.Of(text).ReplaceLineEndings(" ");
        string line = printable[..Math.Min(printable.Length, Columns)];

        // Spaces erase what was longer in every terminal, also in those without control sequences.
        screen.Write($"\r{line.PadRight(Math.Min(_shown, Columns))}");
        screen.Flush();
        _shown = line.Length;
    }

    /// <summary>Takes the live line away.</summary>
    public void Clear()
    {
        if (_shown > 0)
        {
            screen.Write($"\r{new string(' ', Math.Min(_shown, Columns))}\r");
            screen.Flush();
            _shown = 0;
        }
    }

    /// <summary>Writes a line that stays, in place of the live line.</summary>
    /// <param name="text">The line; a long one is broken by the terminal.</param>
    public void WriteLine(string text)
    {
        Clear();
        screen.WriteLine(PrintableText.Of(text));
    }
}
