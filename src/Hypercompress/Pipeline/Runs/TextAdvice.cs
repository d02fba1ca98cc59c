using System.Globalization;
using Hypercompress.Configuration;

namespace Hypercompress.Pipeline.Runs;

/// <summary>Notes for the user on the texts of a run.</summary>
internal static class TextAdvice
{
    // Less text than this share of what was asked for is worth a note.
    private const double EnoughShare = 0.5;

    /// <summary>Looks at the texts.</summary>
    /// <param name="options">The section <c>data</c>.</param>
    /// <param name="hashes">The hashes of the texts.</param>
    /// <param name="tokens">Tokens that the statistics are taken of.</param>
    /// <returns>One sentence for each finding; none where all is well.</returns>
    public static IEnumerable<string> Notes(DataOptions options, TextHashes hashes, long tokens)
    {
        if (tokens < EnoughShare * options.CalibrationTokens)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"the calibration texts give {tokens} tokens, {100.0 * tokens / options.CalibrationTokens:0} % of the "
                + $"{options.CalibrationTokens} that data.calibration_tokens asks for: longer texts give better "
                + $"results");
        }

        foreach (string file in hashes.InBoth)
        {
            yield return $"{Path.GetFileName(file)} is a calibration text and a validation text: the model is measured "
                + "on a text that it was fitted to; give another text as --validation";
        }
    }
}
