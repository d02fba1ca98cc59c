namespace Hypercompress.Models.Tokenization.Decoders;

/// <summary>One step from tokens to text; the texts that are left in the end are joined.</summary>
internal interface IDecoder
{
    List<string> Decode(List<string> tokens);
}
