namespace Hypercompress.Models.Tokenization.PreTokenizers;

/// <summary>Cuts a normalised text into the pieces that the model sees one by one.</summary>
internal interface IPreTokenizer
{
    void Apply(PreTokenizedText text);
}
