using System.Globalization;
using System.Text;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>The ids of text that is not a piece: its bytes where the model has them, else one id a run.</summary>
internal sealed class UnknownPieces
{
    private readonly int[]? _byteIds;

    /// <param name="data">The model.</param>
    public UnknownPieces(SentencePieceData data)
    {
        Id = data.UnknownId;
        if (data.ByteFallback)
        {
            _byteIds = new int[256];
            for (int id = 0; id < data.Pieces.Length; id++)
            {
                if (data.Pieces[id].Type == PieceType.Byte)
                {
                    _byteIds[ValueOf(data.Pieces[id].Text)] = id;
                }
            }
        }
    }

    /// <summary>The id of the unknown piece.</summary>
    public int Id { get; }

    /// <summary>The byte that a piece such as <c>&lt;0x0A&gt;</c> stands for; -1 for any other text.</summary>
    public static int ValueOf(string piece) =>
        piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>'
        && byte.TryParse(
            piece.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
        && piece == string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>")
            ? value
            : -1;

    /// <summary>Appends what a stretch that is not a piece becomes.</summary>
    /// <param name="text">The stretch.</param>
    /// <param name="ids">Receives ids.</param>
    /// <param name="first">Where the ids of this text begin.</param>
    public void Append(ReadOnlySpan<char> text, List<int> ids, int first)
    {
        if (_byteIds is null)
        {
            AppendId(ids, first);
            return;
        }

        foreach (byte value in Encoding.UTF8.GetBytes(text.ToString()))
        {
            ids.Add(_byteIds[value]);
        }
    }

    /// <summary>Appends the unknown id unless it is there already: a run of unknown text is one.</summary>
    public void AppendId(List<int> ids, int first)
    {
        if (ids.Count == first || ids[^1] != Id)
        {
            ids.Add(Id);
        }
    }
}
