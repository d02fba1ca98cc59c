using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>The clean-up of neural machine translation: control characters go, odd spaces become spaces.</summary>
internal sealed class NmtNormalizer : INormalizer
{
    public NormalizedText Normalize(NormalizedText text)
    {
        var output = new StringBuilder(text.Text.Length);
        foreach (char unit in text.Text)
        {
            if (!IsDropped(unit))
            {
                output.Append(IsSpace(unit) ? ' ' : unit);
            }
        }

        bool dropsFirst = text.Text.Length > 0 && IsDropped(text.Text[0]);
        return text.With(output.ToString()) with { StartsInput = text.StartsInput && !dropsFirst };
    }

    private static bool IsDropped(char unit) => (int)unit
        is >= 0x01 and <= 0x08 or 0x0B or >= 0x0E and <= 0x1F or 0x7F or 0x8F or 0x9F;

    private static bool IsSpace(char unit) => (int)unit
        is 0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or >= 0x200B and <= 0x200F or 0x2028 or 0x2029 or 0x2581 or 0xFEFF
        or 0xFFFD;
}
