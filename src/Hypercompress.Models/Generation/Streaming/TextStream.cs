using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Generation.Streaming;

/// <summary>
/// Turns ids into text as they come. A character may take several tokens, and a decoder may treat the first token of a
/// text in its own way, so each piece is the difference of two decodings that start at the same earlier token.
/// </summary>
internal sealed class TextStream(ITokenizer tokenizer)
{
    private readonly List<int> _ids = [];
    private int _context;
    private int _read;

    /// <summary>Takes the next id.</summary>
    /// <param name="id">A token id.</param>
    /// <returns>The text that is now certain; empty while a character is incomplete.</returns>
    public string Push(int id)
    {
        _ids.Add(id);
        return Take(false);
    }

    /// <summary>The rest, incomplete characters as U+FFFD.</summary>
    public string Flush() => Take(true);

    private string Take(bool all)
    {
        string known = Decode(_context, _read);
        string longer = Decode(_context, _ids.Count);
        if (longer.Length <= known.Length || (!all && longer.EndsWith('\uFFFD')))
        {
            return "";
        }

        (_context, _read) = (_read, _ids.Count);
        return longer[known.Length..];
    }

    private string Decode(int start, int end) => tokenizer.Decode(_ids[start..end], skipSpecialTokens: true);
}
