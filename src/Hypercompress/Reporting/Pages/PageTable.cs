namespace Hypercompress.Reporting.Pages;

/// <summary>Writes tables; a script makes them sortable where scripts run.</summary>
internal static class PageTable
{
    /// <summary>Writes a table.</summary>
    /// <param name="page">The page.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="heads">The heads of its columns; the first column names the rows.</param>
    /// <param name="rows">Its rows, with a cell for every head.</param>
    public static void Write(
        Markup page, string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<PageCell>> rows)
    {
        page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", caption));
        page.Open("table", ("class", "sortable"))
            .Open("caption").Element("span", caption).Close("caption").Open("thead").Open("tr");
        foreach (string head in heads)
        {
            page.Element("th", head, ("scope", "col"));
        }

        page.Close("tr").Close("thead").Open("tbody");
        foreach (IReadOnlyList<PageCell> row in rows)
        {
            page.Open("tr");
            for (int i = 0; i < row.Count; i++)
            {
                WriteCell(page, row[i], isHead: i == 0);
            }

            page.Close("tr");
        }

        page.Close("tbody").Close("table").Close("div");
    }

    private static void WriteCell(Markup page, PageCell cell, bool isHead)
    {
        string tag = isHead ? "th" : "td";
        if (isHead)
        {
            page.Open(tag, ("scope", "row"));
        }
        else if (cell.Order.Length > 0)
        {
            page.Open(tag, ("class", "number"), ("data-order", cell.Order));
        }
        else
        {
            page.Open(tag);
        }

        page.Text(cell.Text).Close(tag);
    }
}
