using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Models.Packages;

/// <summary>A model that runs: decoder, tokenizer, and what a generation needs to know.</summary>
public sealed class LanguageModel : IDisposable
{
    private const string GenerationFile = "generation_config.json";

    private LanguageModel(DecoderModel decoder, string label) => (Decoder, Label) = (decoder, label);

    /// <summary>The decoder; owned by this.</summary>
    public DecoderModel Decoder { get; }

    /// <summary>The tokenizer, when the package has one.</summary>
    public ITokenizer? Tokenizer { get; private init; }

    /// <summary>The settings in the files beside the tokenizer: special tokens, chat template.</summary>
    public TokenizerSettings TokenizerSettings { get; private init; } = new();

    /// <summary>A name for people.</summary>
    public string Label { get; }

    /// <summary>The longest sequence that the model was made for, in tokens.</summary>
    public int MaxContext => Decoder.Config.MaxPositions;

    /// <summary>
    /// The ids that end a text: of the generation configuration, else of the model, else of the tokenizer.
    /// </summary>
    public ImmutableArray<int> EndTokenIds { get; private init; } = [];

    /// <summary>The tokenizer that reading text needs.</summary>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ConfigurationException">The package has none.</exception>
    public ITokenizer RequireTokenizer() => Tokenizer ?? throw new ConfigurationException(
        $"{Label} has no tokenizer, without which no text can be read: put its tokenizer files beside it, or give "
            + "token ids (a .json file with a list of ids)");

    /// <summary>Loads all weights of a package, dense and widened to float32.</summary>
    /// <param name="package">The package; may be closed afterwards.</param>
    /// <returns>The model on the CPU; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">The package is incomplete or not supported.</exception>
    public static LanguageModel Load(ModelPackage package) => Load(package, packs: false);

    /// <summary>Loads all weights of a package.</summary>
    /// <param name="package">The package; may be closed afterwards.</param>
    /// <param name="packs">
    /// Whether matrices are held as they are stored, for inference without libtorch; otherwise dense in float32.
    /// </param>
    /// <returns>The model on the CPU; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">The package is incomplete or not supported.</exception>
    public static LanguageModel Load(ModelPackage package, bool packs)
    {
        ArgumentNullException.ThrowIfNull(package);
        DecoderConfig config = ConfigOf(package);
        return Around(
            package,
            packs ? DecoderModel.LoadPacked(config, package.Tensors) : DecoderModel.Load(config, package.Tensors));
    }

    /// <summary>
    /// Opens a model whose weights are read when they are used, as <see cref="DecoderModel.LoadStreamed"/> does.
    /// </summary>
    /// <param name="package">The package; must stay open for as long as the model is used.</param>
    /// <returns>The model on the CPU; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">The package is incomplete or not supported.</exception>
    public static LanguageModel LoadStreamed(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return Around(package, DecoderModel.LoadStreamed(ConfigOf(package), package.Tensors));
    }

    /// <summary>Joins a decoder with the tokenizer of a package.</summary>
    /// <param name="package">Where tokenizer, end ids and label come from; may be closed afterwards.</param>
    /// <param name="decoder">The decoder; owned by the model from here on, even when this fails.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">The tokenizer files are malformed or not supported.</exception>
    public static LanguageModel Around(ModelPackage package, DecoderModel decoder)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(decoder);
        try
        {
            ITokenizer? tokenizer = package.ReadTokenizer();
            return new LanguageModel(decoder, package.Label)
            {
                Tokenizer = tokenizer,
                TokenizerSettings = tokenizer?.Settings ?? new TokenizerSettings(),
                EndTokenIds = ReadEndIds(package, decoder.Config, tokenizer),
            };
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>The same tokenizer and settings around another decoder, such as a compressed one.</summary>
    /// <param name="decoder">The decoder; owned by the new model from here on.</param>
    /// <returns>The model; the caller disposes it, and this one as before.</returns>
    public LanguageModel With(DecoderModel decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return new LanguageModel(decoder, Label)
        {
            Tokenizer = Tokenizer,
            TokenizerSettings = TokenizerSettings,
            EndTokenIds = EndTokenIds,
        };
    }

    /// <summary>Releases the decoder.</summary>
    public void Dispose() => Decoder.Dispose();

    private static DecoderConfig ConfigOf(ModelPackage package) => package.IsArtifact
        ? throw new CheckpointException(
            package.Location,
            "is an artifact of this program, compressed already; give the model that it was made from (README.md "
                + "there names it), or export the artifact first (export --format hf-dense) and give that")
        : package.ReadDecoderConfig();

    private static ImmutableArray<int> ReadEndIds(ModelPackage package, DecoderConfig config, ITokenizer? tokenizer)
    {
        ImmutableArray<int> stated = ReadGenerationEndIds(package);
        if (!stated.IsEmpty)
        {
            return stated;
        }

        return config.EosTokenIds.IsEmpty && tokenizer?.EosTokenId is int end ? [end] : config.EosTokenIds;
    }

    private static ImmutableArray<int> ReadGenerationEndIds(ModelPackage package)
    {
        if (!package.SideFiles.TryGetValue(GenerationFile, out byte[]? json))
        {
            return [];
        }

        string path = Path.Combine(package.Location, GenerationFile);
        return new JsonFields(JsonFile.ParseObject(path, json), path).TokenIds("eos_token_id");
    }
}
