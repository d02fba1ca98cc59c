namespace Hypercompress.Reporting.Pages;

/// <summary>One series of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Style">The class of the style sheet that draws it, such as <c>series-1</c>.</param>
/// <param name="Points">Its points; drawn as a line, and one point alone as a mark.</param>
internal sealed record ChartSeries(string Name, string Style, IReadOnlyList<(double X, double Y)> Points);
