using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Tokenization;

namespace Hypercompress;

/// <summary>
/// A model that continues texts: an artifact or any other. Matrices are multiplied as they are stored, except for a
/// model that caches latents, which libtorch computes.
/// </summary>
public sealed class TextModel : ITextEngine, IDisposable
{
    private readonly OpenModel _opened;
    private readonly IntegerDecoder? _integer;
    private readonly TextGenerator _generator;
    private readonly TextCompleter _completer;

    private TextModel(OpenModel opened, IntegerDecoder? integer, ITokenizer tokenizer)
    {
        (_opened, _integer, Tokenizer) = (opened, integer, tokenizer);
        _generator = new TextGenerator(opened.Model, TimeProvider.System, integer);
        _completer = new TextCompleter(this);
    }

    /// <inheritdoc/>
    public string Name => _opened.Model.Label;

    /// <inheritdoc/>
    public int MaxContext => _opened.Model.MaxContext;

    /// <inheritdoc/>
    public ITokenizer Tokenizer { get; }

    /// <summary>Opens a model.</summary>
    /// <param name="path">A Hugging Face folder, a <c>.gguf</c> file or an artifact.</param>
    /// <param name="threads">CPU threads, 1 or more; null for one per core.</param>
    /// <param name="registry">The branches and number formats that can be read; null for those of the library.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">It cannot be read, or a tensor of an artifact was changed.</exception>
    /// <exception cref="ConfigurationException">It has no tokenizer.</exception>
    public static TextModel Open(string path, int? threads = null, BranchRegistry? registry = null)
    {
        OpenModel opened = OpenModel.Open(path, (registry ?? new BranchRegistry()).CreateCatalog(), packs: true);
        try
        {
            ITokenizer tokenizer = opened.Model.RequireTokenizer();
            IntegerDecoder? integer = IntegerDecoder.Loss(opened.Model.Decoder) is null
                ? new IntegerDecoder(opened.Model.Decoder, threads ?? Environment.ProcessorCount)
                : null;
            return new TextModel(opened, integer, tokenizer);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Continues a text, piece by piece.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="sampling">How to choose and when to stop; null for up to 128 times the best token.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <returns>The pieces as they come; a caller who reads no further ends the work.</returns>
    /// <exception cref="ConfigurationException">An option is out of range, or the prompt is empty or too long.
    /// </exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public IAsyncEnumerable<string> ContinueAsync(
        string prompt, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var request = new CompletionRequest(Tokenizer.EncodePrompt(prompt), sampling ?? new SamplingOptions());
        return _completer.StreamAsync(request, cancellation)
            .Where(piece => piece.Text.Length > 0)
            .Select(piece => piece.Text);
    }

    /// <inheritdoc/>
    public GenerationResult Generate(
        IReadOnlyList<int> prompt,
        SamplingOptions options,
        Func<GeneratedToken, bool>? onToken = null,
        CancellationToken cancellation = default) => _generator.Follow(prompt, options, onToken, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _integer?.Dispose();
        _opened.Dispose();
    }
}
