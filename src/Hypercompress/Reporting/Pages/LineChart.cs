using System.Globalization;

namespace Hypercompress.Reporting.Pages;

/// <summary>Draws lines and marks as inline SVG.</summary>
internal static class LineChart
{
    private const int Width = 460;
    private const int Height = 270;
    private const int Left = 68;
    private const int Top = 10;
    private const int Right = 12;
    private const int Bottom = 44;

    /// <summary>Draws a chart with its legend.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">What the vertical axis shows, in a few words; the axis itself has no title.</param>
    /// <param name="description">What it tells, for those who do not see it.</param>
    /// <param name="across">The horizontal axis.</param>
    /// <param name="up">The vertical axis.</param>
    /// <param name="series">What is drawn.</param>
    public static void Draw(
        Markup page,
        string title,
        string description,
        ChartAxis across,
        ChartAxis up,
        IReadOnlyList<ChartSeries> series)
    {
        page.Open("figure").Element("figcaption", title);
        page.Open(
            "svg",
            ("viewBox", $"0 0 {Width} {Height}"),
            ("role", "img"),
            ("aria-label", $"{title}. {description}"));
        DrawAxes(page, across, up);
        foreach (ChartSeries one in series)
        {
            DrawSeries(page, one, across, up);
        }

        page.Close("svg").Open("ul", ("class", "legend"));
        foreach (ChartSeries one in series)
        {
            string shape = one.Points.Count > 1 ? "swatch" : "dot";
            page.Open("li").Open("span", ("class", $"{shape} {one.Style}"), ("aria-hidden", "true")).Close("span")
                .Text(one.Name).Close("li");
        }

        page.Close("ul").Close("figure");
    }

    private static void DrawAxes(Markup page, ChartAxis across, ChartAxis up)
    {
        foreach (double tick in across.Ticks())
        {
            string x = Text(X(across, tick));
            Line(page, "grid", x, Text(Top), x, Text(Height - Bottom));
            page.Element(
                "text", Label(tick), ("class", "tick middle"), ("x", x), ("y", Text(Height - Bottom + 15)));
        }

        foreach (double tick in up.Ticks())
        {
            string y = Text(Y(up, tick));
            Line(page, "grid", Text(Left), y, Text(Width - Right), y);
            page.Element("text", Label(tick), ("class", "tick end"), ("x", Text(Left - 5)), ("y", y), ("dy", "4"));
        }

        page.Element(
            "text",
            across.Name,
            ("class", "axis middle"),
            ("x", Text((Left + Width - Right) / 2.0)),
            ("y", Text(Height - 8)));
    }

    private static void DrawSeries(Markup page, ChartSeries series, ChartAxis across, ChartAxis up)
    {
        (string X, string Y)[] places =
            [.. series.Points.Select(point => (Text(X(across, point.X)), Text(Y(up, point.Y))))];
        if (places.Length > 1)
        {
            string line = string.Join(' ', places.Select(place => $"{place.X},{place.Y}"));
            page.Open("polyline", ("class", $"line {series.Style}"), ("points", line)).Close("polyline");
        }
        else if (places is [var (x, y)])
        {
            page.Open("circle", ("class", $"mark {series.Style}"), ("cx", x), ("cy", y), ("r", "5")).Close("circle");
        }
    }

    private static void Line(Markup page, string style, string fromX, string fromY, string toX, string toY) =>
        page.Open("line", ("class", style), ("x1", fromX), ("y1", fromY), ("x2", toX), ("y2", toY)).Close("line");

    private static double X(ChartAxis axis, double value) => Left + (axis.Share(value) * (Width - Left - Right));

    private static double Y(ChartAxis axis, double value) =>
        Height - Bottom - (axis.Share(value) * (Height - Top - Bottom));

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Label(double value) => Math.Abs(value) >= 1e6
        ? value.ToString("0.#e0", CultureInfo.InvariantCulture)
        : value.ToString("0.#####", CultureInfo.InvariantCulture);
}
