using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Bpe;

/// <summary>Reads the BPE <c>model</c> of a tokenizer file.</summary>
internal static class BpeModelReader
{
    // It is written beside every character of the text.
    private const int LongestAffix = 256;

    /// <exception cref="Errors.CheckpointException">It is malformed.</exception>
    public static BpeModel Read(JsonPart part)
    {
        var vocabulary = new BpeVocabulary(VocabularyReader.Read(part.Required("vocab")));
        string prefix = Affix(part, "continuing_subword_prefix");
        var merges = ReadMerges(part.Required("merges"), vocabulary, prefix.Length);
        return new BpeModel(vocabulary, merges, new BpeOptions
        {
            UnknownId = ReadUnknown(part, vocabulary),
            FuseUnknown = part.Flag("fuse_unk"),
            ByteFallback = part.Flag("byte_fallback"),
            IgnoreMerges = part.Flag("ignore_merges"),
            SubwordPrefix = prefix,
            WordSuffix = Affix(part, "end_of_word_suffix"),
        });
    }

    private static string Affix(JsonPart part, string key)
    {
        string affix = part.OptionalText(key) ?? "";
        return affix.Length <= LongestAffix
            ? affix
            : throw part.Problem($"has the {key} of {affix.Length} units, at most {LongestAffix} are supported");
    }

    private static int? ReadUnknown(JsonPart part, BpeVocabulary vocabulary)
    {
        if (part.OptionalText("unk_token") is not { } token)
        {
            return null;
        }

        int id = vocabulary.Find(token);
        return id >= 0 ? id : throw part.Problem($"has the unk_token '{token}', which the vocabulary lacks");
    }

    private static MergeTable ReadMerges(JsonPart part, BpeVocabulary vocabulary, int prefixLength)
    {
        part.RequireKind(JsonValueKind.Array);
        var merges = new MergeTable(part.Element.GetArrayLength());
        int rank = 0;
        foreach (var item in part.Element.EnumerateArray())
        {
            if (ReadPair(part, item, rank) is not var (left, right))
            {
                continue;
            }

            int leftId = vocabulary.Find(left);
            int rightId = vocabulary.Find(right);
            string merged = right.Length >= prefixLength ? left + right[prefixLength..] : "";
            int newId = vocabulary.Find(merged);
            if (leftId < 0 || rightId < 0 || newId < 0)
            {
                throw part.Problem(
                    $"has at {rank} '{left}' + '{right}', which the vocabulary lacks in part or in whole");
            }

            merges.Add((leftId, left[^1]), (rightId, right[0]), rank++, newId);
        }

        return merges;
    }

    private static (string Left, string Right)? ReadPair(JsonPart part, JsonElement item, int rank)
    {
        if (item.ValueKind == JsonValueKind.Array && item.GetArrayLength() == 2
            && item[0].ValueKind == JsonValueKind.String && item[1].ValueKind == JsonValueKind.String)
        {
            return NonEmpty(part, rank, item[0].GetString()!, item[1].GetString()!);
        }

        if (item.ValueKind != JsonValueKind.String)
        {
            throw part.Problem($"has at {rank} a {item.ValueKind}, expected \"a b\" or [\"a\", \"b\"]");
        }

        string line = item.GetString()!;
        if (line.StartsWith("#version", StringComparison.Ordinal))
        {
            return null;
        }

        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && space == line.LastIndexOf(' ')
            ? NonEmpty(part, rank, line[..space], line[(space + 1)..])
            : throw part.Problem($"has at {rank} '{line}', expected two tokens with one space between them");
    }

    private static (string Left, string Right) NonEmpty(JsonPart part, int rank, string left, string right) =>
        left.Length > 0 && right.Length > 0 ? (left, right) : throw part.Problem($"has an empty token at {rank}");
}
