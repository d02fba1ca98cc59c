using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.WordPiece;

/// <summary>Reads the WordPiece <c>model</c> of a tokenizer file.</summary>
internal static class WordPieceModelReader
{
    /// <exception cref="Errors.CheckpointException">It is malformed.</exception>
    public static WordPieceModel Read(JsonPart part)
    {
        var ids = VocabularyReader.Read(part.Required("vocab"));
        string unknown = part.Text("unk_token");
        if (!ids.TryGetValue(unknown, out int unknownId))
        {
            throw part.Problem($"has the unk_token '{unknown}', which the vocabulary lacks");
        }

        int longest = part.Optional("max_input_chars_per_word") is null ? 100
            : part.Integer("max_input_chars_per_word");
        return new WordPieceModel(ids, unknownId, part.OptionalText("continuing_subword_prefix") ?? "##", longest);
    }
}
