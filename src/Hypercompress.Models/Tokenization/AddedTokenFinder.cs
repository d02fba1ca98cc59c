using System.Buffers;
using System.Text;

namespace Hypercompress.Models.Tokenization;

/// <summary>Finds added tokens in a text: leftmost first, longest at one place.</summary>
internal sealed class AddedTokenFinder
{
    private readonly CharacterTrie _trie = new();
    private readonly List<AddedToken> _tokens = [];
    private readonly SearchValues<char> _firsts;

    /// <param name="tokens">The tokens, each with the text that it has where it is looked for.</param>
    public AddedTokenFinder(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        var firsts = new HashSet<char>();
        foreach (var (content, token) in tokens)
        {
            if (content.Length > 0)
            {
                firsts.Add(content[0]);
                _trie.Add(content, _tokens.Count);
                _tokens.Add(token);
            }
        }

        _firsts = SearchValues.Create([.. firsts]);
    }

    /// <summary>Cuts a text into added tokens and what lies between them; no part is empty.</summary>
    public IEnumerable<(TextRange Range, AddedToken? Token)> Split(string text)
    {
        int done = 0;
        int search = 0;
        while (search < text.Length)
        {
            int offset = text.AsSpan(search).IndexOfAny(_firsts);
            if (offset < 0)
            {
                break;
            }

            search += offset;
            if (LongestAt(text, search) is not { } match)
            {
                search++;
                continue;
            }

            int start = search;
            int end = start + match.Length;
            search = end;
            if (match.Token.SingleWord && !StandsAlone(text, start, end))
            {
                continue;
            }

            start = match.Token.LStrip ? Math.Max(done, text.AsSpan(0, start).TrimEnd().Length) : Math.Max(done, start);
            end = match.Token.RStrip ? text.Length - text.AsSpan(end).TrimStart().Length : end;
            if (start > done)
            {
                yield return (new TextRange(done, start - done), null);
            }

            yield return (new TextRange(start, end - start), match.Token);
            done = end;
        }

        if (done < text.Length)
        {
            yield return (new TextRange(done, text.Length - done), null);
        }
    }

    private static bool StandsAlone(string text, int start, int end)
    {
        bool wordBefore = Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out var before, out _) == OperationStatus.Done
            && CharacterClasses.IsWord(before);
        bool wordAfter = Rune.DecodeFromUtf16(text.AsSpan(end), out var after, out _) == OperationStatus.Done
            && CharacterClasses.IsWord(after);
        return !wordBefore && !wordAfter;
    }

    private (AddedToken Token, int Length)? LongestAt(string text, int start)
    {
        var (index, length) = _trie.Longest(text.AsSpan(start));
        return index < 0 ? null : (_tokens[index], length);
    }
}
