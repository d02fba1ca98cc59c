using System.Collections.Immutable;

namespace Hypercompress.Models.Generation.Streaming;

/// <summary>Passes text on until one of the stop texts comes; holds back what could be the beginning of one.</summary>
/// <param name="stops">Texts that end the text and are not part of it; none may be empty.</param>
internal sealed class StopText(ImmutableArray<string> stops)
{
    private string _held = "";

    /// <summary>Whether a stop text has come.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Takes the next piece.</summary>
    /// <param name="piece">Text.</param>
    /// <returns>Text that is certain to be before any stop text.</returns>
    public string Push(string piece)
    {
        string all = _held + piece;
        int stop = stops.Select(text => all.IndexOf(text, StringComparison.Ordinal)).Where(at => at >= 0)
            .DefaultIfEmpty(-1).Min();
        if (Stopped || stop >= 0)
        {
            (string before, _held) = (Stopped ? "" : all[..stop], "");
            Stopped = true;
            return before;
        }

        int kept = stops.Select(text => BeginningAtTheEnd(all, text)).DefaultIfEmpty(0).Max();
        _held = all[^kept..];
        return all[..^kept];
    }

    /// <summary>What was held back when the text ends without a stop text.</summary>
    public string Flush()
    {
        (string rest, _held) = (_held, "");
        return rest;
    }

    private static int BeginningAtTheEnd(string text, string stop)
    {
        int length = Math.Min(text.Length, stop.Length - 1);
        while (length > 0 && !text.EndsWith(stop[..length], StringComparison.Ordinal))
        {
            length--;
        }

        return length;
    }
}
