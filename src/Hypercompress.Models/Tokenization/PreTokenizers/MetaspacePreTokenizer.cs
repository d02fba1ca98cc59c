using Hypercompress.Models.Tokenization.Patterns;

namespace Hypercompress.Models.Tokenization.PreTokenizers;

/// <summary>
/// SentencePiece's: spaces become a visible sign, which may be put in front and may start new pieces.
/// </summary>
internal sealed class MetaspacePreTokenizer(char replacement, PrependScheme scheme, bool split) : IPreTokenizer
{
    private readonly LiteralPattern _sign = new(replacement.ToString());

    public void Apply(PreTokenizedText text)
    {
        text.Rewrite((piece, startsInput, output) =>
        {
            bool wanted = scheme == PrependScheme.Always || (scheme == PrependScheme.First && startsInput);
            if (wanted && !piece.StartsWith(' ') && !piece.StartsWith(replacement))
            {
                output.Append(replacement);
            }

            int start = output.Length;
            output.Append(piece).Replace(' ', replacement, start, piece.Length);
        });
        if (split)
        {
            text.Cut(_sign, SplitBehavior.MergedWithNext);
        }
    }
}
