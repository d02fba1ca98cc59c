using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>One of the four Unicode normalisation forms.</summary>
internal sealed class UnicodeFormNormalizer(NormalizationForm form) : INormalizer
{
    // .NET refuses this noncharacter although it neither composes nor decomposes.
    private const char Refused = '\uFFFE';

    public string Normalize(string text) => text.Contains(Refused)
        ? string.Join(Refused, text.Split(Refused).Select(part => part.Normalize(form)))
        : text.Normalize(form);
}
