namespace Hypercompress.Models.Tokenization.Decoders;

/// <summary>Rewrites every token by itself; the function gets the token, its place and the number of tokens.</summary>
internal sealed class MapDecoder(Func<string, int, int, string> rewrite) : IDecoder
{
    public List<string> Decode(List<string> tokens) =>
        [.. tokens.Select((token, place) => rewrite(token, place, tokens.Count))];
}
