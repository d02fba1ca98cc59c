using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Generation;

/// <summary>Continues texts with a model as <see cref="TextGenerator"/> runs it.</summary>
public sealed class ModelTextEngine : ITextEngine
{
    private readonly TextGenerator _generator;

    /// <summary>Prepares to compute with libtorch.</summary>
    /// <param name="model">The model; stays the caller's, and has to outlive this.</param>
    /// <param name="time">The clock of the rates.</param>
    /// <exception cref="ConfigurationException">The model has no tokenizer.</exception>
    public ModelTextEngine(LanguageModel model, TimeProvider time)
        : this(new TextGenerator(model, time))
    {
    }

    /// <summary>Prepares.</summary>
    /// <param name="generator">Makes the texts; what it runs has to outlive this.</param>
    /// <exception cref="ConfigurationException">The model has no tokenizer.</exception>
    public ModelTextEngine(TextGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ModelText text = generator.Text;
        (Name, MaxContext, Tokenizer) = (text.Label, text.MaxContext, text.RequireTokenizer());
        _generator = generator;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int MaxContext { get; }

    /// <inheritdoc/>
    public ITokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public GenerationResult Generate(
        IReadOnlyList<int> prompt,
        SamplingOptions options,
        Func<GeneratedToken, bool>? onToken = null,
        CancellationToken cancellation = default) => _generator.Follow(prompt, options, onToken, cancellation);
}
