using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Models.Packages;

/// <summary>A model that runs: decoder, tokenizer, and what a generation needs to know.</summary>
public sealed class LanguageModel : IDisposable
{
    private LanguageModel(DecoderModel decoder, ModelText text) => (Decoder, Text) = (decoder, text);

    /// <summary>The decoder; owned by this.</summary>
    public DecoderModel Decoder { get; }

    /// <summary>Everything else.</summary>
    public ModelText Text { get; }

    /// <inheritdoc cref="ModelText.Tokenizer"/>
    public ITokenizer? Tokenizer => Text.Tokenizer;

    /// <inheritdoc cref="ModelText.TokenizerSettings"/>
    public TokenizerSettings TokenizerSettings => Text.TokenizerSettings;

    /// <inheritdoc cref="ModelText.Label"/>
    public string Label => Text.Label;

    /// <inheritdoc cref="ModelText.MaxContext"/>
    public int MaxContext => Text.MaxContext;

    /// <inheritdoc cref="ModelText.EndTokenIds"/>
    public ImmutableArray<int> EndTokenIds => Text.EndTokenIds;

    /// <inheritdoc cref="ModelText.RequireTokenizer"/>
    public ITokenizer RequireTokenizer() => Text.RequireTokenizer();

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
        RefuseArtifact(package);
        DecoderConfig config = package.ReadDecoderConfig();
        return Around(
            package,
            packs ? DecoderModel.LoadPacked(config, package.Tensors) : DecoderModel.Load(config, package.Tensors));
    }

    /// <summary>Refuses an artifact, whose weights are not those of a checkpoint.</summary>
    /// <param name="package">Any package.</param>
    /// <exception cref="CheckpointException">It is one.</exception>
    public static void RefuseArtifact(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.IsArtifact)
        {
            throw new CheckpointException(
                package.Location,
                "is an artifact of this program, compressed already; give the model that it was made from (README.md "
                    + "there names it), or export the artifact first (export --format hf-dense) and give that");
        }
    }

    /// <summary>
    /// Opens a model whose weights are read when they are used, as <see cref="DecoderModel.LoadStreamed"/> does.
    /// </summary>
    /// <param name="package">The package; must stay open for as long as the model is used.</param>
    /// <returns>The model on the CPU; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">The package is incomplete or not supported.</exception>
    public static LanguageModel LoadStreamed(ModelPackage package)
    {
        RefuseArtifact(package);
        return Around(package, DecoderModel.LoadStreamed(package.ReadDecoderConfig(), package.Tensors));
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
            return new LanguageModel(decoder, ModelText.Read(package, decoder.Config));
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
        return new LanguageModel(decoder, Text);
    }

    /// <summary>Releases the decoder.</summary>
    public void Dispose() => Decoder.Dispose();
}
