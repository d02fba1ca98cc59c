using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>How every matrix is stored: a map of layers and matrices, and all sites as a table.</summary>
internal static class MapSection
{
    private const string Outside = "outside the layers";
    private const double LeastLevel = 6;
    private const double LevelRange = 62;

    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        IReadOnlyList<JsonObject> sites = report.Entries("sites");
        if (sites.Count == 0)
        {
            return;
        }

        double error = sites.Sum(site => site.Number("measured_error") ?? 0);
        SiteCell[] cells = [.. sites.Select(site => SiteCell.Of(site, error))];
        PageFrame.Begin(page, "map", "Where the bytes went");
        page.Element(
            "p",
            "Each cell is one matrix: its bits per weight, and below them its share of the predicted loss. "
            + "The stronger the colour, the more bits. The forms are in the table below.");
        WriteMap(page, cells);
        page.Open("details").Element("summary", $"All {sites.Count} sites");
        PageTable.Write(
            page,
            "Sites; errors are predicted increases of the loss, nats per token",
            ["site", "stored as", "bytes", "of teacher", "bits", "limit, bits", "error, planned", "error, measured",
                "share"],
            sites.Select(site => Row(site, error)));
        page.Close("details");
        PageFrame.End(page);
    }

    private static void WriteMap(Markup page, SiteCell[] cells)
    {
        const string Name = "Bits per weight by layer and matrix";
        string[] matrices = [.. cells.Where(cell => cell.Layer is not null).Select(cell => cell.Matrix).Distinct()];
        double most = cells.Max(cell => cell.Bits);
        page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", Name))
            .Open("table", ("class", "map"))
            .Open("caption").Element("span", Name).Close("caption").Open("thead").Open("tr")
            .Element("th", "layer", ("scope", "col"));
        foreach (string matrix in matrices)
        {
            page.Element("th", Last(matrix), ("scope", "col"), ("title", matrix));
        }

        page.Close("tr").Close("thead").Open("tbody");
        foreach (IGrouping<int?, SiteCell> layer in cells.GroupBy(cell => cell.Layer).OrderBy(layer => layer.Key ?? -1))
        {
            WriteLayer(page, layer, matrices, most);
        }

        page.Close("tbody").Close("table").Close("div");
    }

    private static void WriteLayer(Markup page, IGrouping<int?, SiteCell> layer, string[] matrices, double most)
    {
        if (layer.Key is not { } number)
        {
            foreach (SiteCell cell in layer)
            {
                page.Open("tr").Element("th", $"{cell.Matrix} ({Outside})", ("scope", "row"));
                WriteCell(page, cell, most, Math.Max(1, matrices.Length));
                page.Close("tr");
            }

            return;
        }

        page.Open("tr").Element("th", number.ToString(CultureInfo.InvariantCulture), ("scope", "row"));
        foreach (string matrix in matrices)
        {
            WriteCell(page, layer.FirstOrDefault(cell => cell.Matrix == matrix), most, 1);
        }

        page.Close("tr");
    }

    private static void WriteCell(Markup page, SiteCell? cell, double most, int columns)
    {
        string level = cell is null || most <= 0
            ? "0"
            : (LeastLevel + (LevelRange * cell.Bits / most)).ToString("0", CultureInfo.InvariantCulture);
        page.Open(
            "td",
            ("style", $"--level: {level}"),
            ("title", cell?.Form ?? string.Empty),
            ("colspan", columns.ToString(CultureInfo.InvariantCulture)));
        if (cell is not null)
        {
            page.Text(cell.Bits.ToString("0.00", CultureInfo.InvariantCulture))
                .Element("small", Figures.Percent(cell.Share));
        }

        page.Close("td");
    }

    private static PageCell[] Row(JsonObject site, double error)
    {
        double? share = error > 0 ? site.Number("measured_error") / error : null;
        double? teacher = site.Number("teacher_bytes");
        double? ofTeacher = teacher > 0 ? site.Number("bytes") / teacher : null;
        return
        [
            new(site.Word("name")),
            new(site.Word("form")),
            PageCell.Of(Figures.Count(site.Number("bytes")), site.Number("bytes")),
            PageCell.Of(Figures.Percent(ofTeacher), ofTeacher),
            PageCell.Of(Figures.Short(site.Number("bits_per_weight")), site.Number("bits_per_weight")),
            PageCell.Of(Figures.Short(site.Number("limit_bits_per_weight")), site.Number("limit_bits_per_weight")),
            PageCell.Of(Figures.Short(site.Number("predicted_error")), site.Number("predicted_error")),
            PageCell.Of(Figures.Short(site.Number("measured_error")), site.Number("measured_error")),
            PageCell.Of(Figures.Percent(share), share),
        ];
    }

    private static string Last(string matrix) => matrix[(matrix.LastIndexOf('.') + 1)..];
}
