using System.Text;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Classic;

/// <summary>The tokenizer of folders like BERT's: WordPiece in <c>vocab.txt</c>, one token a line.</summary>
internal static class WordPieceFiles
{
    /// <summary>The files' content, as the content of a <c>tokenizer.json</c>, and settings with their
    /// defaults.</summary>
    /// <exception cref="CheckpointException">The file is malformed, or lacks a special token.</exception>
    public static TokenizerSource Read(
        IReadOnlyDictionary<string, byte[]> files, string location, TokenizerSettings settings)
    {
        string path = Path.Combine(location, "vocab.txt");
        settings = settings with
        {
            UnknownToken = settings.UnknownToken ?? "[UNK]",
            ClassToken = settings.ClassToken ?? "[CLS]",
            SeparatorToken = settings.SeparatorToken ?? "[SEP]",
            PadToken = settings.PadToken ?? "[PAD]",
            MaskToken = settings.MaskToken ?? "[MASK]",
        };
        var ids = ReadVocabulary(files["vocab.txt"], path);
        var document = WordPieceDocument.Create(
            ids, settings.UnknownToken, settings.LowerCase ?? true, stripAccents: null);
        document["post_processor"] = SpecialTokenTemplate.Create(
            Token(settings.ClassToken, ids, path), Token(settings.SeparatorToken, ids, path));
        return new TokenizerSource(document, settings);
    }

    private static NamedToken Token(string text, Dictionary<string, int> ids, string path) =>
        ids.TryGetValue(text, out int id)
            ? new NamedToken(text, id)
            : throw new CheckpointException(path, $"lacks the token '{text}'");

    private static Dictionary<string, int> ReadVocabulary(byte[] content, string path)
    {
        string[] lines;
        try
        {
            lines = StrictUtf8.Utf8.GetString(content).Split('\n');
        }
        catch (DecoderFallbackException problem)
        {
            throw new CheckpointException(path, $"is not valid UTF-8: {problem.Message}", problem);
        }

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        for (int id = 0; id < count; id++)
        {
            ids[lines[id].TrimEnd('\r')] = id;
        }

        return ids;
    }
}
