namespace Hypercompress.Models.Tokenization;

/// <summary>A text of a <see cref="CharacterTrie"/> that another text begins with.</summary>
/// <param name="Value">Its number; <see cref="CharacterTrie.NoValue"/> for no text.</param>
/// <param name="Length">Its length, in UTF-16 units.</param>
internal readonly record struct TrieMatch(int Value, int Length);
