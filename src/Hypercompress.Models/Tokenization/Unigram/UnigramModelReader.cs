using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Unigram;

/// <summary>Reads the unigram <c>model</c> of a tokenizer file.</summary>
internal static class UnigramModelReader
{
    /// <exception cref="Errors.CheckpointException">It is malformed.</exception>
    public static UnigramModel Read(JsonPart part)
    {
        var vocabulary = part.Required("vocab");
        vocabulary.RequireKind(JsonValueKind.Array);
        var pieces = new List<UnigramPiece>(vocabulary.Element.GetArrayLength());
        foreach (var item in vocabulary.Element.EnumerateArray())
        {
            pieces.Add(ReadPiece(vocabulary, item, pieces.Count));
        }

        int? unknown = part.Optional("unk_id") is null ? null : part.Integer("unk_id");
        if (unknown < 0 || unknown >= pieces.Count)
        {
            throw part.Problem($"has the unk_id {unknown}, but there are {pieces.Count} tokens");
        }

        return new UnigramModel(pieces, unknown, part.Flag("byte_fallback"), part.File);
    }

    private static UnigramPiece ReadPiece(JsonPart vocabulary, JsonElement item, int id) =>
        item.ValueKind == JsonValueKind.Array && item.GetArrayLength() == 2
        && item[0].ValueKind == JsonValueKind.String && item[1].ValueKind == JsonValueKind.Number
        && item[1].TryGetDouble(out double score) && double.IsFinite(score)
            ? new UnigramPiece(item[0].GetString()!, score)
            : throw vocabulary.Problem($"has at {id} something else than [token, score]");
}
