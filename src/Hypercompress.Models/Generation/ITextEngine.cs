using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Generation;

/// <summary>
/// Something that continues texts: a model by whatever means it is run. Several generations may run at the same time.
/// </summary>
public interface ITextEngine
{
    /// <summary>A name for people and for requests.</summary>
    string Name { get; }

    /// <summary>The longest sequence, in tokens.</summary>
    int MaxContext { get; }

    /// <summary>Text to ids and back.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>Continues a sequence of ids.</summary>
    /// <param name="prompt">The ids, at least one.</param>
    /// <param name="options">How to choose and when to stop.</param>
    /// <param name="onToken">
    /// Gets every token but the one that ends the text, as it comes, and says whether to go on; null for nobody.
    /// </param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <returns>The continuation.</returns>
    /// <exception cref="ConfigurationException">An option or the prompt is out of range.</exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    GenerationResult Generate(
        IReadOnlyList<int> prompt,
        SamplingOptions options,
        Func<GeneratedToken, bool>? onToken = null,
        CancellationToken cancellation = default);
}
