using System.Text.Json.Nodes;
using Hypercompress.Cli.Commands.Comparing;

namespace Hypercompress.Cli.Tests.Commands.Comparing;

public sealed class CompareTextTests
{
    [Fact]
    public void Write_ATableThatIsTooWide_GoesOnBelowWithItsFirstColumnAgain()
    {
        var document = (JsonObject)JsonNode.Parse(
            """
            {"models": [{"name": "small", "bytes": 1000, "ratio": 4, "class": "general", "texts": [], "tasks": {}}]}
            """)!;
        using var wide = new StringWriter { NewLine = "\n" };
        using var narrow = new StringWriter { NewLine = "\n" };

        CompareText.Write(wide, document);
        CompareText.Write(narrow, document, width: 15);

        Assert.Equal("model   bytes   ratio  quality\nsmall  1.0 kB  4.000x  general\n", wide.ToString());
        Assert.Equal(
            "model   bytes\nsmall  1.0 kB\nmodel   ratio\nsmall  4.000x\nmodel  quality\nsmall  general\n",
            narrow.ToString());
    }
}
