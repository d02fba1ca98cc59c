using System.Buffers;
using System.Text;
using Hypercompress.Models.Tokenization.Patterns;

namespace Hypercompress.Models.Tokenization;

/// <summary>Finds added tokens in a text: leftmost first, longest at one place.</summary>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<long, int> _edges = [];
    private readonly List<AddedToken?> _tokenAt = [null];
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
                Insert(content, token);
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

    private static long Edge(int node, char unit) => ((long)node << 16) | unit;

    private void Insert(string content, AddedToken token)
    {
        int node = 0;
        foreach (char unit in content)
        {
            if (!_edges.TryGetValue(Edge(node, unit), out int next))
            {
                next = _tokenAt.Count;
                _tokenAt.Add(null);
                _edges[Edge(node, unit)] = next;
            }

            node = next;
        }

        _tokenAt[node] = token;
    }

    private (AddedToken Token, int Length)? LongestAt(string text, int start)
    {
        (AddedToken, int)? best = null;
        int node = 0;
        for (int i = start; i < text.Length && _edges.TryGetValue(Edge(node, text[i]), out node); i++)
        {
            best = _tokenAt[node] is { } token ? (token, i + 1 - start) : best;
        }

        return best;
    }
}
