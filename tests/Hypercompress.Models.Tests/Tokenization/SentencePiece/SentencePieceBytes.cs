using System.Text;

namespace Hypercompress.Models.Tests.Tokenization.SentencePiece;

/// <summary>Writes the protocol buffer of a SentencePiece model.</summary>
internal sealed class SentencePieceBytes
{
    private readonly MemoryStream _model = new();
    private readonly MemoryStream _trainer = new();
    private readonly MemoryStream _normalizer = new();

    /// <summary>Adds a piece; types: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte.</summary>
    public SentencePieceBytes Piece(string text, float score = 0, int type = 1)
    {
        var piece = new MemoryStream();
        Field(piece, 1, Encoding.UTF8.GetBytes(text));
        Varint(piece, (2 << 3) | 5);
        piece.Write(BitConverter.GetBytes(score));
        Field(piece, 3, (ulong)type);
        Field(_model, 1, piece.ToArray());
        return this;
    }

    public SentencePieceBytes Bytes()
    {
        for (int value = 0; value < 256; value++)
        {
            Piece($"<0x{value:X2}>", 0, 6);
        }

        return Trainer(35, 1);
    }

    public SentencePieceBytes Trainer(int field, ulong value)
    {
        Field(_trainer, field, value);
        return this;
    }

    public SentencePieceBytes Normalizer(int field, ulong value)
    {
        Field(_normalizer, field, value);
        return this;
    }

    public SentencePieceBytes CharacterMap(byte[] map)
    {
        Field(_normalizer, 2, map);
        return this;
    }

    public byte[] Make()
    {
        var whole = new MemoryStream();
        whole.Write(_model.ToArray());
        Field(whole, 2, _trainer.ToArray());
        Field(whole, 3, _normalizer.ToArray());
        return whole.ToArray();
    }

    private static void Field(MemoryStream target, int field, ulong value)
    {
        Varint(target, (ulong)field << 3);
        Varint(target, value);
    }

    private static void Field(MemoryStream target, int field, byte[] value)
    {
        Varint(target, ((ulong)field << 3) | 2);
        Varint(target, (ulong)value.Length);
        target.Write(value);
    }

    private static void Varint(MemoryStream target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.WriteByte((byte)(value | 0x80));
        }

        target.WriteByte((byte)value);
    }
}
