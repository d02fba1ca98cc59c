namespace Hypercompress.Models.Tokenization.Classic;

/// <summary>A token by its text.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct NamedToken(string Text, int Id);
