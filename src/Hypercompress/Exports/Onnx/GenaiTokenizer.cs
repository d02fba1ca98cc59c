using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Exports.Onnx;

/// <summary>
/// Where the tokenizer of onnxruntime-genai gives other ids than this program: in front of a text it puts the
/// begin-of-sequence token of every BPE vocabulary in the style of SentencePiece, whether the files ask for it or not.
/// </summary>
internal static class GenaiTokenizer
{
    private const string File = "tokenizer.json";

    /// <summary>What a user of onnxruntime-genai has to know about the ids of prompts; mostly nothing.</summary>
    /// <param name="opened">The model.</param>
    public static IEnumerable<string> Remarks(OpenModel opened)
    {
        if (IsSentencePiece(opened) && opened.Model.Tokenizer is { BosTokenId: int begin } tokenizer
            && !StartsWith(tokenizer, begin))
        {
            yield return "onnxruntime-genai begins a prompt with the begin-of-sequence token, and this model's "
                + "tokenizer does not: its replies would differ; give it token ids (append_tokens), not text";
        }
    }

    private static bool StartsWith(ITokenizer tokenizer, int begin) =>
        tokenizer.Encode("a") is [int first, ..] && first == begin;

    // Word boundaries are a character of the text, and what no piece covers falls back to its bytes.
    private static bool IsSentencePiece(OpenModel opened)
    {
        if (!opened.SideFiles.TryGetValue(File, out byte[]? content))
        {
            return false;
        }

        JsonNode? model = JsonFile.ParseObject(File, content)["model"];
        return (string?)model?["type"] == "BPE" && model["byte_fallback"]?.GetValue<bool>() == true;
    }
}
