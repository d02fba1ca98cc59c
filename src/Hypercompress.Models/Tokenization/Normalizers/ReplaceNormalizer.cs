using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Replaces every match by a fixed text.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    public string Normalize(string text)
    {
        var matches = new List<TextRange>();
        pattern.FindMatches(text, matches);
        if (matches.Count == 0)
        {
            return text;
        }

        var output = new StringBuilder(text.Length);
        int position = 0;
        foreach (var match in matches)
        {
            output.Append(text, position, match.Start - position).Append(content);
            position = match.End;
        }

        return output.Append(text, position, text.Length - position).ToString();
    }
}
