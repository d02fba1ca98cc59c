using Hypercompress.Models.Tokenization.Normalizers;

namespace Hypercompress.Models.Tokenization.Decoders;

/// <summary>Replaces the matches of a pattern in every token.</summary>
internal sealed class ReplaceDecoder(ReplaceNormalizer replace) : IDecoder
{
    /// <exception cref="WorkBudgetException">The tokens grow out of proportion.</exception>
    public List<string> Decode(List<string> tokens)
    {
        var budget = new WorkBudget(tokens.Sum(token => (long)token.Length));
        return [.. tokens.Select(token => new NormalizedText(token, StartsInput: true, budget))
            .Select(token => replace.Normalize(token).Text)];
    }
}
