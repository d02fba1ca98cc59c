using System.Buffers;
using System.Text;

namespace Hypercompress.Models.Tokenization;

/// <summary>Finds added tokens in a text: leftmost first, longest at one place.</summary>
internal sealed class AddedTokenFinder
{
    private readonly CharacterTrie _trie = new();
    private readonly List<AddedToken> _tokens = [];
    private readonly SearchValues<char> _firsts;

    /// <param name="tokens">The tokens.</param>
    /// <param name="textOf">The text that a token has where it is looked for; its content where this is null.</param>
    public AddedTokenFinder(IEnumerable<AddedToken> tokens, Func<AddedToken, string>? textOf = null)
    {
        var firsts = new HashSet<char>();
        foreach (var token in tokens)
        {
            string text = textOf is null ? token.Content : textOf(token);
            if (text.Length > 0)
            {
                firsts.Add(text[0]);
                _trie.Add(text, _tokens.Count);
                _tokens.Add(token);
            }
        }

        _firsts = SearchValues.Create([.. firsts]);
    }

    /// <summary>Cuts a text into added tokens and what lies between them; no part is empty.</summary>
    /// <param name="text">The text.</param>
    /// <param name="budget">The work that may be spent.</param>
    /// <exception cref="WorkBudgetException">The budget is spent.</exception>
    public IEnumerable<TextPart> Split(string text, WorkBudget budget)
    {
        int done = 0;
        foreach (var found in Find(text, budget))
        {
            var range = Widened(found, text, done);
            budget.Spend(range.End - found.Range.End);
            if (range.Start > done)
            {
                yield return new TextPart(new TextRange(done, range.Start - done), null);
            }

            yield return new TextPart(range, found.Token);
            done = range.End;
        }

        if (done < text.Length)
        {
            yield return new TextPart(new TextRange(done, text.Length - done), null);
        }
    }

    /// <summary>The tokens in a text, without the white space that they take along.</summary>
    private IEnumerable<TextPart> Find(string text, WorkBudget budget)
    {
        int search = 0;
        while (search < text.Length && text.AsSpan(search).IndexOfAny(_firsts) is var offset and >= 0)
        {
            search += offset;
            var match = _trie.Longest(text.AsSpan(search), budget);
            if (match.Value == CharacterTrie.NoValue)
            {
                search++;
                continue;
            }

            var part = new TextPart(new TextRange(search, match.Length), _tokens[match.Value]);
            search += match.Length;
            if (!part.Token!.SingleWord || StandsAlone(text, part.Range))
            {
                yield return part;
            }
        }
    }

    private static TextRange Widened(TextPart found, string text, int done)
    {
        var (range, token) = found;
        // The token before it may have taken what this one begins with.
        int start = Math.Max(done, range.Start);
        int end = Math.Max(start, range.End);
        start = token!.LStrip ? text.AsSpan(done, start - done).TrimEnd().Length + done : start;
        end = token.RStrip ? text.Length - text.AsSpan(end).TrimStart().Length : end;
        return new TextRange(start, end - start);
    }

    private static bool StandsAlone(string text, TextRange range)
    {
        bool wordBefore = Rune.DecodeLastFromUtf16(text.AsSpan(0, range.Start), out var before, out _)
            == OperationStatus.Done && CharacterClasses.IsWord(before);
        bool wordAfter = Rune.DecodeFromUtf16(text.AsSpan(range.End), out var after, out _) == OperationStatus.Done
            && CharacterClasses.IsWord(after);
        return !wordBefore && !wordAfter;
    }
}
