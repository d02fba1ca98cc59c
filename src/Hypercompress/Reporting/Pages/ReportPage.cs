using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>
/// A report as one HTML file that needs no network, for the light and the dark theme, a telephone and paper. It shows
/// what <c>report.json</c> has; what a report does not have is left out.
/// </summary>
public static class ReportPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="report">The content of <c>report.json</c>.</param>
    /// <returns>HTML.</returns>
    public static string Write(JsonObject report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string title =
            $"{report.Word("model")}, compressed {Figures.Ratio(report.Number("compression_ratio"))}";
        return PageFrame.Write(title, page =>
        {
            VerdictSection.Write(page, title, report);
            SizeSection.Write(page, report);
            QualitySection.Write(page, report);
            TaskSection.Write(page, report);
            FrontSection.Write(page, report);
            MapSection.Write(page, report);
            TrainingSection.Write(page, report);
            PhaseSection.Write(page, report);
            ContinuationSection.Write(page, report);
            TextSection.Write(page, report);
            WordSection.Write(page, report);
            ReproductionSection.Write(page, report);
        });
    }
}
