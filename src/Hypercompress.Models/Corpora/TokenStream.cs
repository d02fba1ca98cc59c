using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Corpora;

/// <summary>A corpus as one long row of token ids.</summary>
/// <param name="Ids">The ids in order.</param>
public sealed record TokenStream(int[] Ids)
{
    /// <summary>
    /// Reads a file for calibration, validation or evaluation: its documents as one text, joined by blank lines and
    /// tokenized, or the ids of a <c>.json</c> file of ids (<see cref="TokenIdFile"/>).
    /// </summary>
    /// <param name="name">The file, as <c>FILE</c> or <c>FILE:COLUMN</c> (<see cref="TextSource"/>).</param>
    /// <param name="vocabulary">Ids must be below this.</param>
    /// <param name="tokenizer">Gives the tokenizer; called for text only. It adds its special tokens once.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="CheckpointException">The file cannot be read, is malformed, or is not text.</exception>
    /// <exception cref="ConfigurationException">The name is empty, or the model has no tokenizer.</exception>
    public static TokenStream Read(string name, int vocabulary, Func<ITokenizer> tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        int[]? ids = ReadIds(TextSource.Parse(name), vocabulary);
        return ids is null ? FromCorpus(new TextCorpus([name]), tokenizer()) : new TokenStream(ids);
    }

    /// <summary>
    /// Reads a file as <see cref="Read"/> does and forgets it again: what is wrong with it shows before a model is
    /// loaded.
    /// </summary>
    /// <param name="name">The file, as <c>FILE</c> or <c>FILE:COLUMN</c> (<see cref="TextSource"/>).</param>
    /// <exception cref="CheckpointException">
    /// The file cannot be read, is malformed, is not text, or holds none.
    /// </exception>
    /// <exception cref="ConfigurationException">The name is empty.</exception>
    public static void Check(string name)
    {
        TextSource source = TextSource.Parse(name);
        if (ReadIds(source, int.MaxValue) is not null)
        {
            return;
        }

        bool hasText = false;
        foreach (string document in new TextCorpus([name]).ReadDocuments())
        {
            hasText |= document.Length > 0;
        }

        if (!hasText)
        {
            throw IsEmpty(source.Path);
        }
    }

    /// <summary>Tokenizes a corpus as one text, its documents joined by a blank line.</summary>
    /// <param name="corpus">The documents.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="addSpecialTokens">Whether the tokenizer's special tokens (BOS) are added, once, at the
    /// ends.</param>
    /// <param name="maxDocuments">How many documents at most; null for all.</param>
    /// <returns>The ids; none for a corpus without text.</returns>
    /// <exception cref="CheckpointException">A file of the corpus is malformed.</exception>
    public static TokenStream FromCorpus(
        TextCorpus corpus, ITokenizer tokenizer, bool addSpecialTokens = true, int? maxDocuments = null)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(tokenizer);
        string text = corpus.ReadJoined(maxDocuments);
        return text.Length > 0
            ? new TokenStream(addSpecialTokens ? tokenizer.EncodePrompt(text) : tokenizer.Encode(text, false))
            : throw IsEmpty(corpus.Files[0]);
    }

    /// <summary>Cuts the row into consecutive windows; the rest at the end is dropped.</summary>
    /// <param name="length">Tokens per window, 1 or more.</param>
    /// <param name="maxWindows">How many windows at most; null for all.</param>
    /// <returns>The windows; none when the row is shorter than one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1, or the limit is negative.</exception>
    public TokenWindows Windows(int length, int? maxWindows = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(maxWindows ?? 0);
        int count = Math.Min(Ids.Length / length, maxWindows ?? int.MaxValue);
        return new TokenWindows(Ids, length, [.. Enumerable.Range(0, count).Select(window => window * length)]);
    }

    private static int[]? ReadIds(TextSource source, int vocabulary)
    {
        if (!TextFile.IsJson(source.Path))
        {
            return null;
        }

        using TextFile file = TextFile.Open(source.Path);
        ReadOnlyMemory<byte> json = file.Format == TextFormat.Json ? file.ReadBytes() : default;
        return !JsonTextReader.HoldsIds(json.Span) ? null
            : source.Column is { } column
            ? throw new CheckpointException(
                source.Path, $"is a list of token ids, which has no column '{column}'; leave ':{column}' out")
            : [.. TokenIdFile.ReadSequences(json.Span, source.Path, vocabulary).SelectMany(ids => ids)];
    }

    private static CheckpointException IsEmpty(string path) => new(path, "is empty: it holds no text");
}
