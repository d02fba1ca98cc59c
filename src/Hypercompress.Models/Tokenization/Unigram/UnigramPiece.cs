namespace Hypercompress.Models.Tokenization.Unigram;

/// <summary>A token of a unigram model.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Score">Its log-probability.</param>
internal readonly record struct UnigramPiece(string Text, double Score);
