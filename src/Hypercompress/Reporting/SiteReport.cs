using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Forms;
using Hypercompress.Merging;
using Hypercompress.Planning;
using Hypercompress.Sites;

namespace Hypercompress.Reporting;

/// <summary>The result at a site.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Form">How it is stored, in words.</param>
/// <param name="Bytes">Stored bytes.</param>
/// <param name="TeacherBytes">Bytes in the teacher.</param>
/// <param name="PredictedError">J that the plan expected, nats per token.</param>
/// <param name="MeasuredError">J after merging, nats per token.</param>
/// <param name="Alternatives">J of what merging could have chosen instead, by name.</param>
public sealed record SiteReport(
    string Name,
    string Form,
    long Bytes,
    long TeacherBytes,
    double PredictedError,
    double MeasuredError,
    ImmutableSortedDictionary<string, double> Alternatives)
{
    /// <summary>Stored bits per element of the matrix.</summary>
    public double BitsPerWeight { get; init; }

    /// <summary>
    /// Bits per element at the rate–distortion limit of the site for the measured error; null where there is no error.
    /// </summary>
    public double? LimitBitsPerWeight { get; init; }

    /// <summary>Puts together what was planned and what came out.</summary>
    /// <param name="planned">The plan's decision.</param>
    /// <param name="built">The matrix of the site.</param>
    /// <param name="teacherBytes">Bytes in the teacher.</param>
    /// <param name="limit">The site's rate–distortion limit.</param>
    /// <returns>The report.</returns>
    public static SiteReport From(SiteAssignment planned, SiteBlueprint built, long teacherBytes, RateCurve limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(built);
        return new SiteReport(
            built.Site.Name,
            Describe(built.Matrix.Describe()),
            built.Matrix.StoredBytes,
            teacherBytes,
            planned.PredictedError,
            built.Error,
            built.Alternatives)
        {
            BitsPerWeight = 8.0 * built.Matrix.StoredBytes / built.Site.ElementCount,
            LimitBitsPerWeight = built.Error > 0 && !limit.Points.IsEmpty
                ? limit.BitsFor(built.Error) / built.Site.ElementCount
                : null,
        };
    }

    /// <summary>A form in words, such as <c>low-rank rank 64 int4-g64 + sparse nonzeros 900 f16</c>.</summary>
    /// <param name="form">The form.</param>
    /// <returns>One line.</returns>
    public static string Describe(FormDescription form)
    {
        ArgumentNullException.ThrowIfNull(form);
        if (!form.Parts.IsDefaultOrEmpty)
        {
            return string.Join(" + ", form.Parts.Select(Describe));
        }

        IEnumerable<string> numbers = form.Numbers.Select(
            pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}"));
        string[] owner = form.Owner is null ? [] : [$"of {form.Owner}"];
        return string.Join(' ', [form.Kind, .. numbers, .. form.Formats.Values.Distinct(), .. owner]);
    }
}
