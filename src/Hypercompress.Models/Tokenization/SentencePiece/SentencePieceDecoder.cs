using System.Text;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>Pieces to text as SentencePiece does it.</summary>
/// <param name="data">The model.</param>
internal sealed class SentencePieceDecoder(SentencePieceData data)
{
    private readonly SentencePieceNormalizer? _denormalizer =
        data.Denormalizer is { Map: not null } spec ? new SentencePieceNormalizer(spec, []) : null;

    /// <summary>Decodes a run of pieces.</summary>
    /// <param name="ids">Ids of the vocabulary.</param>
    /// <returns>The text; bytes that are not UTF-8 give one U+FFFD each, control pieces nothing.</returns>
    public string Decode(IReadOnlyList<int> ids)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        bool atStart = true;
        bool tookSpace = false;
        foreach (int id in ids)
        {
            var piece = data.Pieces[id];
            if (piece.Type == PieceType.Byte)
            {
                bytes.Add((byte)UnknownPieces.ValueOf(piece.Text));
                continue;
            }

            Flush(bytes, text);
            atStart &= !tookSpace && text.Length == 0;
            tookSpace = Append(piece, atStart, text);
        }

        Flush(bytes, text);
        return _denormalizer?.Normalize(text.ToString(), new WorkBudget(text.Length)) ?? text.ToString();
    }

    /// <summary>Appends a piece; whether its space was the one that had been put before the text.</summary>
    private bool Append(Piece piece, bool atStart, StringBuilder text)
    {
        if (piece.Type is PieceType.Control or PieceType.Unknown)
        {
            text.Append(piece.Type == PieceType.Unknown ? data.UnknownSurface : "");
            return false;
        }

        bool removesExtra = data.Normalizer.RemoveExtraWhitespaces;
        bool takesSpace = atStart && (data.Normalizer.AddDummyPrefix || removesExtra)
            && piece.Text[0] == SentencePieceNormalizer.SpaceSign;
        int start = text.Length;
        text.Append(piece.Text, takesSpace ? 1 : 0, piece.Text.Length - (takesSpace ? 1 : 0))
            .Replace(SentencePieceNormalizer.SpaceSign, ' ', start, text.Length - start);
        // Where extra spaces are removed, those of all pieces at the start go.
        return takesSpace && !removesExtra;
    }

    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        ReadOnlySpan<byte> rest = bytes.ToArray();
        while (!rest.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(rest, out var rune, out int length) == System.Buffers.OperationStatus.Done;
            text.Append(valid ? rune.ToString() : "\uFFFD");
            rest = rest[(valid ? length : 1)..];
        }

        bytes.Clear();
    }
}
