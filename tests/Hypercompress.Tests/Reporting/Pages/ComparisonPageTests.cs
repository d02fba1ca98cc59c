using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Hypercompress.Reporting.Pages;

namespace Hypercompress.Tests.Reporting.Pages;

public sealed class ComparisonPageTests
{
    private const string Hostile = "<script>alert(1)</script>";

    [Fact]
    public void Write_Models_HaveARowInEveryTableOfTheirTexts()
    {
        IHtmlDocument page = Parse(
            Model("one", 4000, Text("a.txt", 20)), Model("two", 1000, Text("a.txt", 25), Text("b.txt", 30)));

        Assert.Equal(
            [2, 2, 1, 1],
            page.QuerySelectorAll<IHtmlTableElement>("table").Select(table => table.Bodies[0].Rows.Length));
        Assert.Equal(2, page.QuerySelectorAll("#texts h3").Length);
        Assert.Equal(2, Assert.Single(page.QuerySelectorAll("svg")).QuerySelectorAll("circle").Length);
        Assert.Contains("25.00 ± 0.5", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("0.400 ± 0.01", page.QuerySelector("#tasks")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HostileNames_StayText()
    {
        IHtmlDocument page = Parse(Model(Hostile, 4000, Text(Hostile, 20)), Model("two", 1000, Text(Hostile, 25)));
        Assert.Single(page.QuerySelectorAll("script"));
        Assert.Contains(Hostile, page.QuerySelector("#size")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Nothing_IsAPage() => Assert.Equal(
        "0 models side by side",
        new HtmlParser().ParseDocument(ComparisonPage.Write([])).QuerySelector("h1")!.TextContent);

    private static IHtmlDocument Parse(params JsonObject[] models) => new HtmlParser().ParseDocument(
        ComparisonPage.Write(new JsonObject { ["models"] = new JsonArray([.. models]) }));

    private static JsonObject Model(string name, int bytes, params JsonObject[] texts) => new()
    {
        ["name"] = name,
        ["bytes"] = bytes,
        ["texts"] = new JsonArray([.. texts]),
        ["tasks"] = new JsonObject { ["arc_easy.acc"] = new JsonObject { ["value"] = 0.4, ["stderr"] = 0.01 } },
    };

    private static JsonObject Text(string file, double perplexity) => new()
    {
        ["file"] = file,
        ["convention"] = "paper",
        ["window"] = 64,
        ["tokens"] = 1000,
        ["perplexity"] = perplexity,
        ["perplexity_stderr"] = 0.5,
        ["kl"] = new JsonObject { ["mean"] = 0.1, ["stderr"] = 0.01 },
    };
}
