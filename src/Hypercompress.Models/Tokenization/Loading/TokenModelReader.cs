using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Bpe;
using Hypercompress.Models.Tokenization.Unigram;
using Hypercompress.Models.Tokenization.WordPiece;

namespace Hypercompress.Models.Tokenization.Loading;

/// <summary>Builds the model that a tokenizer file describes.</summary>
internal static class TokenModelReader
{
    /// <exception cref="Errors.CheckpointException">A type that is not known, or a malformed model.</exception>
    public static ITokenModel Read(JsonPart part) => (part.OptionalText("type") ?? Recognise(part)) switch
    {
        "BPE" => BpeModelReader.Read(part),
        "Unigram" => UnigramModelReader.Read(part),
        "WordPiece" => WordPieceModelReader.Read(part),
        var other => throw part.Problem($"is of type '{other}'; BPE, Unigram and WordPiece are supported"),
    };

    /// <summary>Old files leave the type out.</summary>
    private static string Recognise(JsonPart part) =>
        part.Optional("merges") is null && part.Optional("unk_id") is not null ? "Unigram"
        : part.Optional("merges") is null && part.Optional("max_input_chars_per_word") is not null ? "WordPiece"
        : "BPE";
}
