using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Cli.Tests.Output;

public sealed class FiniteJsonTests
{
    [Fact]
    public void Of_WritesNullForWhatIsNotFinite()
    {
        JsonNode document = new JsonObject
        {
            ["a"] = double.NaN,
            ["b"] = new JsonArray(1.5, double.PositiveInfinity, float.NegativeInfinity, "x", null, 7, true),
            ["c"] = new JsonObject { ["d"] = (double?)null, ["e"] = 2L },
        };

        Assert.Equal(
            """{"a":null,"b":[1.5,null,null,"x",null,7,true],"c":{"d":null,"e":2}}""",
            FiniteJson.Of(document)!.ToJsonString());
    }

    [Fact]
    public void ToAscii_IsTheSameDocument()
    {
        const string Text = "\u00fcber <b> \u202e \ud83d\ude42";
        string json = new JsonObject { [Text] = Text }.ToJsonString(PlainJson.Compact);

        string ascii = FiniteJson.ToAscii(json);

        Assert.All(ascii, letter => Assert.True(char.IsAscii(letter)));
        Assert.Contains("<b>", ascii, StringComparison.Ordinal);
        Assert.Equal(Text, (string?)JsonNode.Parse(ascii)![Text]);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("iso-8859-1", false)]
    public void WriteJson_EscapesWhatTheOutputCannotHold_AndNothingElse(string encoding, bool isWhole)
    {
        const string Text = "a<b> & 'c' + \u4e16 \u007f \u009b \u202e";
        using var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, Encoding.GetEncoding(encoding)))
        {
            new Terminal(writer, TextWriter.Null, CancellationToken.None).WriteJson(new JsonObject { ["text"] = Text });
        }

        string written = Encoding.GetEncoding(encoding).GetString(stream.ToArray()).TrimStart('\ufeff');

        Assert.Contains("a<b> & 'c' + ", written, StringComparison.Ordinal);
        Assert.Equal(isWhole, written.Contains('\u4e16'));
        Assert.Equal(Text, (string?)JsonNode.Parse(written)!["text"]);
    }
}
