namespace Hypercompress.Models.Tokenization;

/// <summary>A part of a text: an added token, or what lies between two of them.</summary>
/// <param name="Range">Where it is.</param>
/// <param name="Token">The added token; null for what lies between.</param>
internal readonly record struct TextPart(TextRange Range, AddedToken? Token);
