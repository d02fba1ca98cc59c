namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>One entry of the vocabulary.</summary>
/// <param name="Text">Its text; spaces are U+2581.</param>
/// <param name="Score">Log-probability (unigram) or precedence (BPE).</param>
/// <param name="Type">What it is.</param>
internal readonly record struct Piece(string Text, float Score, PieceType Type);
