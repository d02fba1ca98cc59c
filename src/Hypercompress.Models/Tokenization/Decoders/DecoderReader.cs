using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Normalizers;
using Hypercompress.Models.Tokenization.Patterns;
using Hypercompress.Models.Tokenization.PreTokenizers;

namespace Hypercompress.Models.Tokenization.Decoders;

/// <summary>Builds the decoder that a tokenizer file describes.</summary>
internal static class DecoderReader
{
    /// <summary>Without a decoder, tokens are joined with spaces.</summary>
    /// <exception cref="Errors.CheckpointException">A type that is not known, or a value that does not fit
    /// it.</exception>
    public static IDecoder Read(JsonPart? part) => part is { } found
        ? ReadOne(found)
        : new MapDecoder((token, place, _) => place == 0 ? token : " " + token);

    private static IDecoder ReadOne(JsonPart part) => part.Type switch
    {
        "Sequence" => new SequenceDecoder([.. part.Required("decoders").Items().Select(ReadOne)], part.File),
        "ByteLevel" => new ByteLevelDecoder(),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Replace" => ReadReplace(part),
        "Strip" => ReadStrip(part),
        "Metaspace" => ReadMetaspace(part),
        "WordPiece" => ReadWordPiece(part),
        "BPEDecoder" => ReadSuffix(part),
        var other => throw part.Problem($"is a decoder of type '{other}', which is not supported"),
    };

    private static ReplaceDecoder ReadReplace(JsonPart part) =>
        new(new ReplaceNormalizer(PatternReader.Read(part.Required("pattern")), part.Text("content")));

    private static MapDecoder ReadStrip(JsonPart part)
    {
        char content = PreTokenizerReader.SingleCharacter(part, "content");
        int start = part.Integer("start");
        int stop = part.Integer("stop");
        return new MapDecoder((token, _, _) => Strip(token, content, start, stop));
    }

    private static string Strip(string token, char content, int start, int stop)
    {
        int from = 0;
        while (from < token.Length && from < start && token[from] == content)
        {
            from++;
        }

        int to = token.Length;
        while (to > from && token.Length - to < stop && token[to - 1] == content)
        {
            to--;
        }

        return token[from..to];
    }

    private static MapDecoder ReadMetaspace(JsonPart part)
    {
        char sign = PreTokenizerReader.SingleCharacter(part, "replacement");
        string? scheme = part.OptionalText("prepend_scheme");
        bool prepended = scheme is null ? part.Flag("add_prefix_space", true) : scheme != "never";
        return new MapDecoder((token, place, _) => place == 0 && prepended
            ? token.Replace(sign.ToString(), "", StringComparison.Ordinal)
            : token.Replace(sign, ' '));
    }

    private static MapDecoder ReadWordPiece(JsonPart part)
    {
        string prefix = part.Text("prefix");
        bool cleanUp = part.Flag("cleanup", true);
        return new MapDecoder((token, place, _) =>
        {
            string text = place == 0 ? token
                : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..]
                : " " + token;
            return cleanUp ? CleanUp(text) : text;
        });
    }

    private static string CleanUp(string text)
    {
        var output = new StringBuilder(text);
        foreach (string tight in new[] { ".", "?", "!", "," })
        {
            output.Replace(" " + tight, tight);
        }

        output.Replace(" ' ", "'").Replace(" n't", "n't").Replace(" 'm", "'m").Replace(" do not", " don't");
        return output.Replace(" 's", "'s").Replace(" 've", "'ve").Replace(" 're", "'re").ToString();
    }

    private static MapDecoder ReadSuffix(JsonPart part)
    {
        string suffix = part.OptionalText("suffix") ?? "</w>";
        return new MapDecoder((token, place, count) =>
            token.Replace(suffix, place == count - 1 ? "" : " ", StringComparison.Ordinal));
    }
}
