using System.Text;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>Rewrites text as SentencePiece does: rules of the character map, then the treatment of spaces.</summary>
internal sealed class SentencePieceNormalizer
{
    /// <summary>How spaces are written in pieces.</summary>
    public const char SpaceSign = '\u2581';

    private readonly NormalizerSpec _spec;
    private readonly CharacterTrie? _kept;
    private readonly byte[] _space;

    /// <param name="spec">What is done.</param>
    /// <param name="kept">Texts that the rules pass over.</param>
    public SentencePieceNormalizer(NormalizerSpec spec, IReadOnlyCollection<string> kept)
    {
        _spec = spec;
        _space = spec.EscapeWhitespaces ? Encoding.UTF8.GetBytes([SpaceSign]) : " "u8.ToArray();
        foreach (string text in kept)
        {
            _kept ??= new CharacterTrie();
            _kept.Add(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)), 0);
        }
    }

    /// <summary>Rewrites a text.</summary>
    /// <param name="text">Valid UTF-16.</param>
    /// <param name="budget">The work that may be spent.</param>
    /// <param name="atStart">Whether nothing of the input is before it; decides about the added space.</param>
    /// <returns>The text that pieces are looked for in.</returns>
    /// <exception cref="WorkBudgetException">The budget is spent.</exception>
    public string Normalize(string text, WorkBudget budget, bool atStart = true)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        while (_spec.RemoveExtraWhitespaces && !rest.IsEmpty && Step(rest, budget, out int skipped) is [(byte)' '])
        {
            rest = rest[skipped..];
        }

        if (rest.IsEmpty)
        {
            return "";
        }

        bool adds = _spec.AddDummyPrefix && atStart;
        var output = new List<byte>(rest.Length + 16);
        AddSpace(adds && !_spec.WhitespaceAsSuffix, output);
        Rewrite(rest, output, budget);
        TrimEnd(output);
        AddSpace(adds && _spec.WhitespaceAsSuffix, output);
        return Encoding.UTF8.GetString([.. output]);
    }

    private void AddSpace(bool wanted, List<byte> output)
    {
        if (wanted)
        {
            output.AddRange(_space);
        }
    }

    private void Rewrite(ReadOnlySpan<byte> rest, List<byte> output, WorkBudget budget)
    {
        bool afterSpace = _spec.RemoveExtraWhitespaces;
        while (!rest.IsEmpty)
        {
            var part = Step(rest, budget, out int length);
            rest = rest[length..];
            part = afterSpace ? part.TrimStart((byte)' ') : part;
            foreach (byte value in part)
            {
                if (value == ' ')
                {
                    output.AddRange(_space);
                }
                else
                {
                    output.Add(value);
                }
            }

            afterSpace = _spec.RemoveExtraWhitespaces && (part.IsEmpty ? afterSpace : part[^1] == ' ');
        }
    }

    private void TrimEnd(List<byte> output)
    {
        int end = output.Count;
        var written = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(output);
        while (_spec.RemoveExtraWhitespaces && written[..end].EndsWith(_space))
        {
            end -= _space.Length;
        }

        output.RemoveRange(end, output.Count - end);
    }

    /// <summary>The replacement of the next stretch of a text, and the bytes of the stretch.</summary>
    private ReadOnlySpan<byte> Step(ReadOnlySpan<byte> text, WorkBudget budget, out int length)
    {
        length = _kept?.Longest(text, budget) ?? 0;
        if (length == 0 && _spec.Map is { } map && map.TryLongest(text, out length, out var replacement))
        {
            return replacement;
        }

        if (length == 0)
        {
            Rune.DecodeFromUtf8(text, out _, out length);
        }

        return text[..length];
    }
}
