using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Generation;

/// <summary>Continues texts with a model as <see cref="TextGenerator"/> runs it.</summary>
public sealed class ModelTextEngine : ITextEngine
{
    private readonly TextGenerator _generator;

    /// <summary>Prepares.</summary>
    /// <param name="model">The model; stays the caller's, and has to outlive this.</param>
    /// <param name="time">The clock of the rates.</param>
    /// <exception cref="ConfigurationException">The model has no tokenizer.</exception>
    public ModelTextEngine(LanguageModel model, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(model);
        (Name, MaxContext, Tokenizer) = (model.Label, model.MaxContext, model.RequireTokenizer());
        _generator = new TextGenerator(model, time);
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
