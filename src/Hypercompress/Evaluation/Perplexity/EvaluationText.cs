using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>A text that models are scored on.</summary>
/// <param name="File">Where it comes from, for results and messages.</param>
/// <param name="Ids">Its token ids.</param>
public sealed record EvaluationText(string File, ReadOnlyMemory<int> Ids)
{
    /// <summary>
    /// Reads and encodes a whole file, as it is, or the documents of a corpus file (<see cref="TextCorpus"/>) as one text, a
    /// blank line between them; the tokenizer adds its special tokens once, at the beginning.
    /// </summary>
    /// <param name="file">
    /// Path of a UTF-8 text file, of a <c>.jsonl</c>, <c>.ndjson</c> or <c>.parquet</c> file, or of a file of token ids
    /// (<see cref="TokenIdFile"/>).
    /// </param>
    /// <param name="model">The model; one without a tokenizer can be scored on token ids only.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">The file cannot be read or is empty.</exception>
    /// <exception cref="ConfigurationException">It is text, and the model has no tokenizer.</exception>
    public static EvaluationText Read(string file, LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return TokenIdFile.IsOne(file)
            ? new EvaluationText(file, TokenIdFile.ReadJoined(file, model.Decoder.Config.VocabularySize))
            : Read(file, model.RequireTokenizer());
    }

    /// <summary>Reads and encodes a whole text or corpus file with a tokenizer of its own.</summary>
    /// <param name="file">Path of a UTF-8 text file, or of a <c>.jsonl</c>, <c>.ndjson</c> or <c>.parquet</c> file.</param>
    /// <param name="tokenizer">Encodes it.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">The file cannot be read, is malformed or is empty.</exception>
    public static EvaluationText Read(string file, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        try
        {
            string text = TextCorpus.HoldsRecords(file) ? new TextCorpus([file]).ReadJoined() : System.IO.File.ReadAllText(file);
            return text.Length == 0
                ? throw new CheckpointException(file, "the file is empty; evaluation needs text")
                : new EvaluationText(file, tokenizer.Encode(text));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, $"the text cannot be read: {fault.Message}", fault);
        }
    }
}
