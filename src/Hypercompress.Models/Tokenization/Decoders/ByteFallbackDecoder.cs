using System.Globalization;
using System.Text;

namespace Hypercompress.Models.Tokenization.Decoders;

/// <summary>
/// Joins runs of <c>&lt;0xNN&gt;</c> into characters; a run that is not UTF-8 gives one U+FFFD per byte.
/// </summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    public List<string> Decode(List<string> tokens)
    {
        var output = new List<string>(tokens.Count);
        var run = new List<byte>();
        foreach (string token in tokens)
        {
            if (IsByte(token, out byte value))
            {
                run.Add(value);
                continue;
            }

            Flush(run, output);
            output.Add(token);
        }

        Flush(run, output);
        return output;
    }

    private static bool IsByte(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(
                token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private void Flush(List<byte> run, List<string> output)
    {
        if (run.Count == 0)
        {
            return;
        }

        try
        {
            output.Add(_strict.GetString([.. run]));
        }
        catch (DecoderFallbackException)
        {
            output.Add(new string('\uFFFD', run.Count));
        }

        run.Clear();
    }
}
