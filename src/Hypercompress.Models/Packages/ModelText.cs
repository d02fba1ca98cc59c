using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Packages;

/// <summary>What it takes to make text with a model, beside its weights.</summary>
public sealed record ModelText
{
    private const string GenerationFile = "generation_config.json";

    /// <summary>Sizes and choices of the decoder.</summary>
    public required DecoderConfig Config { get; init; }

    /// <summary>A name for people.</summary>
    public required string Label { get; init; }

    /// <summary>The tokenizer, when the package has one.</summary>
    public ITokenizer? Tokenizer { get; init; }

    /// <summary>The settings in the files beside the tokenizer: special tokens, chat template.</summary>
    public TokenizerSettings TokenizerSettings => Tokenizer?.Settings ?? new TokenizerSettings();

    /// <summary>The longest sequence that the model was made for, in tokens.</summary>
    public int MaxContext => Config.MaxPositions;

    /// <summary>
    /// The ids that end a text: of the generation configuration, else of the model, else of the tokenizer.
    /// </summary>
    public ImmutableArray<int> EndTokenIds { get; init; } = [];

    /// <summary>Reads what the files of a package say.</summary>
    /// <param name="package">The package; may be closed afterwards.</param>
    /// <param name="config">Its <see cref="ModelPackage.ReadDecoderConfig"/>.</param>
    /// <returns>The text side of the model.</returns>
    /// <exception cref="CheckpointException">The tokenizer files are malformed or not supported.</exception>
    public static ModelText Read(ModelPackage package, DecoderConfig config)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(config);
        ITokenizer? tokenizer = package.ReadTokenizer();
        return new ModelText
        {
            Config = config,
            Label = package.Label,
            Tokenizer = tokenizer,
            EndTokenIds = ReadEndIds(package, config, tokenizer),
        };
    }

    /// <summary>The tokenizer that reading text needs.</summary>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ConfigurationException">The package has none.</exception>
    public ITokenizer RequireTokenizer() => Tokenizer ?? throw new ConfigurationException(
        $"{Label} has no tokenizer, without which no text can be read: put its tokenizer files beside it, or give "
            + "token ids (a .json file with a list of ids)");

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
