using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Hypercompress.Reporting.Pages;

namespace Hypercompress.Tests.Reporting.Pages;

public sealed class ReportPageTests
{
    private const string Hostile = "</title></style></script><script>alert(1)</script><img src=x onerror='alert(2)'>\"&amp;";

    private static readonly IHtmlDocument Full = Parse(FullReport.Create());

    [Fact]
    public void Write_Report_IsFreeOfSyntaxErrors()
    {
        List<string> errors = [];
        var parser = new HtmlParser();
        parser.Error += (_, e) => errors.Add(((AngleSharp.Html.Dom.Events.HtmlErrorEvent)e).Message);

        parser.ParseDocument(ReportPage.Write(FullReport.Create(Hostile)));

        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("size")]
    [InlineData("quality")]
    [InlineData("front")]
    [InlineData("map")]
    [InlineData("training")]
    [InlineData("run")]
    [InlineData("continuations")]
    [InlineData("texts")]
    [InlineData("words")]
    [InlineData("reproduce")]
    public void Write_Report_HasTheSectionWithItsTitle(string id)
    {
        IElement section = Full.QuerySelector($"section#{id}")!;
        IElement title = Full.GetElementById(section.GetAttribute("aria-labelledby")!)!;
        Assert.Equal("H2", title.TagName);
        Assert.Same(section, title.ParentElement);
    }

    [Theory]
    [InlineData("general")]
    [InlineData("0.1")]
    [InlineData("0.8")]
    [InlineData("1.7")]
    [InlineData("3.25")]
    [InlineData("0.0625 ± 0.0010")]
    [InlineData("80.0 ± 1.0 %")]
    [InlineData("20.00 ± 0.20")]
    [InlineData("500.0 MB")]
    [InlineData("hypercompress compress MODEL --config recipe.yaml --out again")]
    public void Write_Report_Shows(string text) => Assert.Contains(text, Full.Body!.TextContent, StringComparison.Ordinal);

    [Fact]
    public void Write_Map_HasARowForEveryLayerAndOneForWhatIsOutside()
    {
        IHtmlTableElement map = (IHtmlTableElement)Full.QuerySelector("table.map")!;
        Assert.Equal(["plain (outside the layers)", "0", "1", "2"],
            map.Bodies[0].Rows.Select(row => row.Cells[0].TextContent));
        Assert.Equal("4.0014.3 %", map.Bodies[0].Rows[3].Cells[1].TextContent.Replace("\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_Charts_HaveNamesAndDrawTheirSeries()
    {
        IElement[] charts = [.. Full.QuerySelectorAll("svg")];
        Assert.Equal(3, charts.Length);
        Assert.All(charts, chart => Assert.Equal("img", chart.GetAttribute("role")));
        Assert.All(charts, chart => Assert.NotEmpty(chart.GetAttribute("aria-label")!));
        Assert.Equal(3, charts[0].QuerySelectorAll("polyline").Length);
        Assert.Single(charts[0].QuerySelectorAll("circle"));
        string[] points = charts[1].QuerySelector("polyline")!.GetAttribute("points")!.Split(' ');
        Assert.Equal(200, points.Length);
        Assert.DoesNotContain("NaN", ReportPage.Write(FullReport.Create()), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Tables_HaveCaptionsAndHeadsForEveryCell()
    {
        IHtmlTableElement[] tables = [.. Full.QuerySelectorAll<IHtmlTableElement>("table")];
        Assert.True(tables.Length >= 7);
        Assert.All(tables, table =>
        {
            Assert.NotEmpty(table.Caption!.TextContent);
            IHtmlTableRowElement head = table.Head!.Rows[0];
            Assert.All(head.Cells, cell => Assert.Equal("col", cell.GetAttribute("scope")));
            Assert.All(head.Cells, cell => Assert.NotEmpty(cell.TextContent));
            Assert.All(table.Bodies[0].Rows, row =>
            {
                Assert.Equal("row", row.Cells[0].GetAttribute("scope"));
                Assert.Equal(head.Cells.Length, row.Cells.Sum(cell => cell.ColumnSpan));
            });
        });
    }

    [Fact]
    public void Write_Report_LoadsNothingAndRunsOnlyItsOwnScript()
    {
        string page = ReportPage.Write(FullReport.Create());
        string policy = Full.QuerySelector("meta[http-equiv]")!.GetAttribute("content")!;
        byte[] script = System.Text.Encoding.UTF8.GetBytes(Full.QuerySelector("script")!.TextContent);

        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains(
            Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(script)), policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HostileTexts_StayText()
    {
        IHtmlDocument page = Parse(FullReport.Create(Hostile));

        Assert.Single(page.QuerySelectorAll("script"));
        Assert.Single(page.QuerySelectorAll("style"));
        Assert.Empty(page.QuerySelectorAll("img, iframe, object, form"));
        Assert.DoesNotContain(
            page.All, element => element.Attributes.Any(one => one.Name.StartsWith("on", StringComparison.Ordinal)));
        Assert.Equal(Full.All.Length, page.All.Length);
        Assert.Contains(Hostile, page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(3, page.QuerySelectorAll("#continuations h3, #continuations .words")
            .Count(element => element.TextContent.Contains(Hostile, StringComparison.Ordinal)));
    }

    [Fact]
    public void Write_ControlAndDirectionMarks_AreReplaced()
    {
        string title = Parse(FullReport.Create("a\0b\u001bc\u202Ed\u2066e\uFFFF")).QuerySelector("h1")!.TextContent;
        Assert.StartsWith("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFD", title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"quality": 3, "sites": [1, {"name": 5}], "training": {"a": 1}, "phases": [{}], "front": [{}, {}]}""")]
    [InlineData("""{"bytes": [], "evaluation": {"texts": [{"teacher": 1}]}, "notes": [[]], "limit": {}, "texts": "x"}""")]
    [InlineData("""{"front": [{"bytes": 1e999, "perplexity": 1e999}, {"bytes": 2, "perplexity": -1}], "limit": {}}""")]
    [InlineData("""{"training": [{"name": "a", "steps": 2, "losses": {"1": 1e300, "2": 1e300, "x": 3, "3": "y"}}]}""")]
    public void Write_ReportThatLacksValues_LeavesThemOut(string json)
    {
        IHtmlDocument page = Parse(JsonNode.Parse(json)!.AsObject());
        Assert.NotNull(page.QuerySelector("h1"));
        Assert.NotNull(page.QuerySelector("section#reproduce"));
    }

    private static IHtmlDocument Parse(JsonObject report) => new HtmlParser().ParseDocument(ReportPage.Write(report));
}
