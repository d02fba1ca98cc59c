namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>Kinds of pieces; the numbers are those of the file.</summary>
internal enum PieceType
{
    /// <summary>Comes out of text by the model.</summary>
    Normal = 1,

    /// <summary>Stands for what is not a piece.</summary>
    Unknown = 2,

    /// <summary>Never comes out of text, and gives none.</summary>
    Control = 3,

    /// <summary>Always becomes a token where it is in a text.</summary>
    UserDefined = 4,

    /// <summary>Has an id, but is not used.</summary>
    Unused = 5,

    /// <summary>One byte of what is not a piece: <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
    Byte = 6,
}
