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
    /// Reads and encodes a file as calibration does (<see cref="TokenStream.Read"/>): a text as it is, the documents of
    /// a file of documents with a blank line between them, or token ids; the tokenizer adds its special tokens once.
    /// </summary>
    /// <param name="file">The file, as <c>FILE</c> or <c>FILE:COLUMN</c> (<see cref="TextCorpus"/>).</param>
    /// <param name="model">The model; one without a tokenizer can be scored on token ids only.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">The file cannot be read, is not text, or is empty.</exception>
    /// <exception cref="ConfigurationException">It is text, and the model has no tokenizer.</exception>
    public static EvaluationText Read(string file, LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(file, TokenStream.Read(file, model.Decoder.Config.VocabularySize, model.RequireTokenizer).Ids);
    }

    /// <summary>Reads and encodes a file with a tokenizer of its own.</summary>
    /// <param name="file">The file, as <c>FILE</c> or <c>FILE:COLUMN</c>.</param>
    /// <param name="tokenizer">Encodes it.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">The file cannot be read, is not text, or is empty.</exception>
    public static EvaluationText Read(string file, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new(file, TokenStream.Read(file, tokenizer.VocabularySize, () => tokenizer).Ids);
    }
}
