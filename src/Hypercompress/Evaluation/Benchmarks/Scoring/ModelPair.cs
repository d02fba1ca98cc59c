using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>The models that answer a task: one, or a teacher and its student.</summary>
internal sealed class ModelPair
{
    /// <param name="student">The model.</param>
    /// <param name="teacher">Its teacher, or null.</param>
    /// <param name="maxLength">Tokens that a prompt may have; null for what both models were made for.</param>
    /// <exception cref="ConfigurationException">The model has no tokenizer, or the vocabularies differ.</exception>
    public ModelPair(LanguageModel student, LanguageModel? teacher, int? maxLength)
    {
        Tokenizer = student.Tokenizer ?? teacher?.Tokenizer ?? throw new ConfigurationException(
            $"{student.Label} has no tokenizer, without which no task can be read; put its tokenizer.json "
            + $"beside the weights");
        Models = teacher is null ? [student] : [teacher, student];
        if (Models.FirstOrDefault(
            model => model.Decoder.Config.VocabularySize != student.Decoder.Config.VocabularySize) is { } other)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"the vocabulary of the teacher has {other.Decoder.Config.VocabularySize} tokens, that of the student "
                + $"{student.Decoder.Config.VocabularySize}; only models of one vocabulary can be compared"));
        }

        int context = Models.Min(model => model.MaxContext);
        MaxLength = Math.Min(maxLength ?? context, context);
    }

    /// <summary>The teacher, when there is one, and then the student.</summary>
    public ImmutableArray<LanguageModel> Models { get; }

    /// <summary>The decoders of the models.</summary>
    public DecoderModel[] Decoders => [.. Models.Select(model => model.Decoder)];

    /// <summary>Their tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Tokens that are read at once.</summary>
    public int MaxLength { get; }
}
