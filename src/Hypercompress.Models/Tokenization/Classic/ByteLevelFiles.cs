using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Classic;

/// <summary>The tokenizer of folders like GPT-2's: byte-level BPE in <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class ByteLevelFiles
{
    /// <summary>The files' content, as the content of a <c>tokenizer.json</c>, and settings with their
    /// defaults.</summary>
    /// <exception cref="CheckpointException">A file is malformed, or the class is not known.</exception>
    public static TokenizerSource Read(
        IReadOnlyDictionary<string, byte[]> files, string location, TokenizerSettings settings)
    {
        string vocabPath = Path.Combine(location, "vocab.json");
        var kind = ByteLevelKind.Of(settings.TokenizerClass) ?? throw new CheckpointException(location,
            $"has vocab.json and merges.txt of a '{settings.TokenizerClass}', which is not known; put its "
                + "tokenizer.json beside them");
        settings = settings with
        {
            BosToken = settings.BosToken ?? kind.Bos,
            EosToken = settings.EosToken ?? kind.Eos,
            AddBosToken = settings.AddBosToken ?? (kind.Enclosed ? true : null),
            AddEosToken = settings.AddEosToken ?? (kind.Enclosed ? true : null),
        };
        var ids = JsonPart.Parse(files["vocab.json"], vocabPath, VocabularyReader.Read);
        var (normalizer, preTokenizer) = kind.Stages(settings.AddPrefixSpace ?? false);
        var document = new JsonObject
        {
            ["version"] = "1.0",
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = SpecialTokenTemplate.Create(settings, ids, vocabPath),
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = new JsonObject(ids.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
                ["merges"] = ReadMerges(files["merges.txt"], Path.Combine(location, "merges.txt")),
            },
        };
        return new TokenizerSource(document, settings);
    }

    private static JsonArray ReadMerges(byte[] content, string path)
    {
        try
        {
            return new JsonArray([.. StrictUtf8.Utf8.GetString(content).Split('\n')
                .Select(line => line.TrimEnd('\r'))
                .Where(line => line.Length > 0)
                .Select(line => (JsonNode)line)]);
        }
        catch (DecoderFallbackException problem)
        {
            throw new CheckpointException(path, $"is not valid UTF-8: {problem.Message}", problem);
        }
    }
}
