namespace Hypercompress.Models.Tokenization;

/// <summary>A token that is recognised in the text itself, before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">The text that is looked for.</param>
/// <param name="SingleWord">Only where no word character is beside it.</param>
/// <param name="LStrip">Takes the white space before it along.</param>
/// <param name="RStrip">Takes the white space after it along.</param>
/// <param name="Normalized">Looked for after normalisation instead of before.</param>
/// <param name="Special">Left out of decoded text on request.</param>
internal sealed record AddedToken(
    int Id, string Content, bool SingleWord, bool LStrip, bool RStrip, bool Normalized, bool Special)
{
    /// <summary>A special token of which only the name is known.</summary>
    public static AddedToken Named(int id, string content) =>
        new(id, content, false, false, false, false, Special: true);
}
