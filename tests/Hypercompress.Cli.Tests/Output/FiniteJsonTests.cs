using System.Text.Json.Nodes;
using Hypercompress.Cli.Output;

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
}
