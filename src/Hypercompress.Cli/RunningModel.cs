using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Cli.Options;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Packages;

namespace Hypercompress.Cli;

/// <summary>An open model with the engine that computes it.</summary>
internal sealed class RunningModel : IDisposable
{
    private readonly OpenModel? _floats;
    private readonly PackedModel? _packed;
    private readonly EngineChoice _choice;

    private RunningModel(EngineChoice choice, OpenModel? floats, PackedModel? packed) =>
        (_choice, _floats, _packed) = (choice, floats, packed);

    /// <summary>Where the model came from.</summary>
    public string Location => _packed?.Location ?? _floats!.Location;

    /// <summary>Tokenizer, context and ends of texts.</summary>
    public ModelText Text => _packed?.Text ?? _floats!.Model.Text;

    /// <summary>The integer engine; null where libtorch computes.</summary>
    public IntegerDecoder? Integer => _packed?.Decoder;

    /// <summary>Bytes of weights that a new token reads.</summary>
    public long BytesPerToken => Integer?.BytesPerToken ?? sizeof(float) * _floats!.Model.Decoder.ParameterCount;

    /// <summary>Bytes that keys and values of a token take; null where libtorch computes.</summary>
    public long? CacheBytesPerToken
    {
        get
        {
            using DecoderSession? session = Integer?.Begin(_choice.Cache);
            return session?.BytesPerToken;
        }
    }

    /// <summary>The most tokens of a text that are remembered.</summary>
    public int CacheTokens => _choice.Cache.Tokens ?? Text.MaxContext;

    /// <summary>Opens a model and starts its engine.</summary>
    /// <param name="path">The path that was typed, or null.</param>
    /// <param name="access">Finds and checks models.</param>
    /// <param name="choice">The engine that was asked for.</param>
    /// <returns>Both; the caller disposes them.</returns>
    public static RunningModel Open(string? path, ModelAccess access, EngineChoice choice)
    {
        if (choice.Engine == Engine.Float)
        {
            ThreadsOption.Apply(choice.Threads);
            return new RunningModel(choice, ModelOpener.Open(path, access), null);
        }

        PackedModel packed = PackedModel.Open(
            ModelOpener.Locate(path, access), new BranchRegistry().CreateCatalog(), choice.Threads, access.Check,
            access.LocateBase(), choice.Memory);
        access.Tell(packed.Notes);
        return new RunningModel(choice, null, packed);
    }

    /// <summary>What makes texts with it.</summary>
    /// <param name="draft">Proposes tokens; null for nobody. Stays open as long.</param>
    /// <returns>A generator, of use while this is open.</returns>
    /// <exception cref="ConfigurationException">The draft has another vocabulary.</exception>
    public TextGenerator Generator(Draft? draft = null) => _packed is { } packed
        ? new TextGenerator(packed.Text, packed.Decoder, TimeProvider.System, _choice.Cache, draft)
        : new TextGenerator(_floats!.Model, TimeProvider.System);

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed?.Dispose();
        _floats?.Dispose();
    }
}
