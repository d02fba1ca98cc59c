using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Families;

namespace Hypercompress.Tests.Artifacts;

/// <summary>The same configurations in the words of transformers 4 and 5.</summary>
public sealed class Transformers4KeysTests
{
    private static readonly string[] Ignored = ["transformers_version", "torch_dtype"];

    [Theory]
    [InlineData("gemma2")]
    [InlineData("gemma3_text")]
    [InlineData("gpt_neox")]
    [InlineData("llama-dynamic-rope")]
    [InlineData("llama-linear-rope")]
    [InlineData("llama-mha")]
    [InlineData("llama-yarn")]
    [InlineData("llama3-rope")]
    [InlineData("mistral-sliding")]
    [InlineData("olmo2")]
    [InlineData("phi3")]
    [InlineData("phi3-longrope")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("smollm3")]
    public void Add_OfVersionFivesWords_GivesAllThatVersionFourHas(string name)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        JsonObject config = Read(Path.Combine(folder, "config.json"));
        JsonObject older = Read(Path.Combine(folder, "config_legacy.json"));
        JsonNode before = config.DeepClone();

        new Transformers4Keys(config, ArchitectureFamilies.ByModelType((string)config["model_type"]!)!).Add();

        Assert.All(older.Where(entry => !Ignored.Contains(entry.Key)), entry => Assert.True(
            IsSame(entry.Value, config[entry.Key]), $"{entry.Key}: {config[entry.Key]} instead of {entry.Value}"));
        Assert.All(before.AsObject().Where(entry => entry.Value is not null), entry => Assert.True(
            JsonNode.DeepEquals(entry.Value, config[entry.Key])));
    }

    [Fact]
    public void Add_OfVersionFoursWords_ChangesNothing()
    {
        JsonObject config = Read(SharedFiles.Require("golden/arch/llama-yarn/config_legacy.json"));
        JsonNode before = config.DeepClone();

        new Transformers4Keys(config, ArchitectureFamilies.ByModelType("llama")!).Add();

        Assert.True(JsonNode.DeepEquals(before, config));
    }

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsObject();

    private static bool IsSame(JsonNode? first, JsonNode? second) =>
        JsonNode.DeepEquals(first, second)
        || (first is JsonValue one && second is JsonValue other && one.TryGetValue(out double left)
            && other.TryGetValue(out double right)
            && left.Equals(right));
}
