using System.Globalization;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>Checks that a SentencePiece vocabulary is one.</summary>
internal static class PieceCheck
{
    // Far above what training makes; taking an unused piece apart takes time by the square of its length.
    private const int LongestUnused = 256;

    /// <summary>Finds the unknown piece and what is wrong.</summary>
    /// <param name="data">What the file says.</param>
    /// <param name="file">The file, for messages.</param>
    /// <returns>The same, with <see cref="SentencePieceData.UnknownId"/>.</returns>
    /// <exception cref="CheckpointException">No pieces, a piece that is none, one that is there twice, no unknown
    /// piece, or bytes that are missing.</exception>
    public static SentencePieceData Check(SentencePieceData data, string file)
    {
        if (data.Pieces.Length is 0 or > VocabularyReader.MaxId)
        {
            throw new CheckpointException(file, $"is a SentencePiece model of {data.Pieces.Length} pieces");
        }

        var texts = new HashSet<(string, bool)>();
        var types = new Dictionary<PieceType, int>();
        for (int id = 0; id < data.Pieces.Length; id++)
        {
            var piece = data.Pieces[id];
            bool inText = piece.Type is PieceType.Normal or PieceType.UserDefined or PieceType.Unused;
            string? fault = Fault(piece, data) ?? (texts.Add((piece.Text, inText)) ? null : "is there twice");
            if (fault is not null)
            {
                throw new CheckpointException(file, $"piece {id} ('{piece.Text}') {fault}");
            }

            types[piece.Type] = types.GetValueOrDefault(piece.Type) + 1;
        }

        return Complete(data, types, file);
    }

    private static SentencePieceData Complete(
        SentencePieceData data, Dictionary<PieceType, int> types, string file)
    {
        int unknowns = types.GetValueOrDefault(PieceType.Unknown);
        if (unknowns != 1)
        {
            throw new CheckpointException(file, $"has {unknowns} pieces for what is unknown, expected 1");
        }

        int bytes = types.GetValueOrDefault(PieceType.Byte);
        return !data.ByteFallback || bytes == 256
            ? data with { UnknownId = data.Pieces.Select(piece => piece.Type).ToList().IndexOf(PieceType.Unknown) }
            : throw new CheckpointException(file, $"falls back to bytes, but has {bytes} of 256 byte pieces");
    }

    private static string? Fault(Piece piece, SentencePieceData data)
    {
        if (piece.Text.Length == 0)
        {
            return "is empty";
        }

        if (!float.IsFinite(piece.Score))
        {
            return string.Create(CultureInfo.InvariantCulture, $"has the score {piece.Score}");
        }

        return piece.Type switch
        {
            PieceType.Byte when !data.ByteFallback => "is a byte, but the model does not fall back to bytes",
            PieceType.Byte when UnknownPieces.ValueOf(piece.Text) < 0 => "is of type byte, but is none such as <0x0A>",
            PieceType.Unused when piece.Text.Length > LongestUnused => $"is unused and has {piece.Text.Length} units",
            _ => Enum.IsDefined(piece.Type) ? null : $"has the type {(int)piece.Type}",
        };
    }
}
