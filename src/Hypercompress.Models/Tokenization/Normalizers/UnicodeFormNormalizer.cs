using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>One of the four Unicode normalisation forms.</summary>
internal sealed class UnicodeFormNormalizer(NormalizationForm form) : INormalizer
{
    // .NET refuses this noncharacter although it neither composes nor decomposes.
    private const char Refused = '\uFFFE';

    public NormalizedText Normalize(NormalizedText text) =>
        text.With(text.Text.Contains(Refused, StringComparison.Ordinal)
        ? string.Join(Refused, text.Text.Split(Refused).Select(part => part.Normalize(form)))
        : text.Text.Normalize(form));
}
