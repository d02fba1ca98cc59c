using System.Text.Json;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Tests.Tokenization;

/// <summary>Exact ids and texts of the reference implementation.</summary>
public sealed class TokenizerGoldenTests
{
    [Theory]
    [InlineData("llama3")]
    [InlineData("llama3+hf")]
    [InlineData("qwen3")]
    [InlineData("qwen3+hf")]
    [InlineData("smollm2")]
    [InlineData("smollm2+hf")]
    public void Encode_GoldenTexts_GivesReferenceIdsAndTexts(string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("golden/tokenizers.json")));
        bool withSettings = name.EndsWith("+hf", StringComparison.Ordinal);
        string file = SharedFiles.Require($"tokenizers/{(withSettings ? name[..^3] : name)}/tokenizer.json");
        var tokenizer = withSettings ? TokenizerJson.Load(file) : TokenizerJson.Parse(File.ReadAllBytes(file), file);

        var entry = golden.RootElement.GetProperty("tokenizers").GetProperty(name);
        var texts = golden.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!);
        var cases = entry.GetProperty("cases").EnumerateArray();
        Assert.Equal(entry.GetProperty("vocab_size").GetInt32(), tokenizer.VocabularySize);
        int count = 0;
        foreach (var (text, expected) in texts.Zip(cases))
        {
            count++;
            int[] ids = Ids(expected, "ids");
            int[] special = Ids(expected, "ids_special");
            Assert.Equal(ids, tokenizer.Encode(text, addSpecialTokens: false));
            Assert.Equal(special, tokenizer.Encode(text));
            Assert.Equal(expected.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
            Assert.Equal(expected.GetProperty("decoded_skip").GetString(), tokenizer.Decode(ids, true));
            Assert.Equal(expected.GetProperty("decoded_special").GetString(), tokenizer.Decode(special));
            Assert.Equal(expected.GetProperty("decoded_special_skip").GetString(), tokenizer.Decode(special, true));
        }

        Assert.Equal(60, count);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-tied")]
    [InlineData("qwen2")]
    public void Encode_SmallArchitectureTokenizers_GivesReferenceIds(string name)
    {
        var tokenizer = TokenizerJson.Load(SharedFiles.Require($"golden/arch/{name}/tokenizer.json"));
        string path = SharedFiles.Require($"golden/arch/{name}/tokenizer_golden.json");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (var expected in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string text = expected.GetProperty("text").GetString()!;
            Assert.Equal(Ids(expected, "ids"), tokenizer.Encode(text, addSpecialTokens: false));
            Assert.Equal(Ids(expected, "ids_special"), tokenizer.Encode(text));
            Assert.Equal(expected.GetProperty("decoded").GetString(), tokenizer.Decode(Ids(expected, "ids")));
        }
    }

    private static int[] Ids(JsonElement element, string key) =>
        [.. element.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];
}
