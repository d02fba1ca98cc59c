using Hypercompress.Forms;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Packages;

namespace Hypercompress.Artifacts;

/// <summary>
/// A model of any kind, an artifact or any other, with the integer engine that runs it. Weights go from the file into
/// the form in which they are multiplied, a few matrices at a time; none is ever a matrix of floats.
/// </summary>
public sealed class PackedModel : IDisposable
{
    private PackedModel(string location, IReadOnlyList<string> notes, ModelText text, IntegerDecoder decoder) =>
        (Location, Notes, Text, Decoder) = (location, notes, text, decoder);

    /// <summary>Where it came from.</summary>
    public string Location { get; }

    /// <summary>Notes on its files; empty for an artifact.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Tokenizer, context and ends of texts.</summary>
    public ModelText Text { get; }

    /// <summary>The engine with the weights; owned by this.</summary>
    public IntegerDecoder Decoder { get; }

    /// <summary>Opens a model.</summary>
    /// <param name="path">A folder, a <c>.gguf</c> file or an artifact.</param>
    /// <param name="forms">The forms that can be read.</param>
    /// <param name="threads">Threads of the engine, at least 1.</param>
    /// <param name="check">Whether the tensors of an artifact are compared with the hashes in its manifest.</param>
    /// <param name="basePath">The model that an adapter is merged into; null when a model is opened.</param>
    /// <param name="memory">Whether coded matrices of layers are decoded now or when they are used.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">It cannot be read, or a tensor of an artifact was changed.</exception>
    public static PackedModel Open(
        string path,
        FormCatalog forms,
        int threads,
        bool check = true,
        string? basePath = null,
        MemoryUse memory = MemoryUse.Fast)
    {
        ArgumentNullException.ThrowIfNull(path);
        using ModelPackage package = ModelPackage.Open(path, basePath);
        bool isArtifact = Artifact.IsArtifact(path);
        if (!isArtifact)
        {
            LanguageModel.RefuseArtifact(package);
        }

        DecoderConfig config = package.ReadDecoderConfig();
        (ModelText text, IntegerDecoder decoder) = isArtifact
            ? ReadBoth(
                () => ModelText.Read(package, config), () => LoadArtifact(package, forms, threads, check, memory))
            : ReadInTurn(
                () => ModelText.Read(package, config), () => IntegerDecoder.Load(config, package.Tensors, threads));
        ReturnFreeMemory();
        return new PackedModel(package.Location, package.Notes, text, decoder);
    }

    /// <inheritdoc/>
    public void Dispose() => Decoder.Dispose();

    // What reading the tokenizer leaves behind is gone when the weights are there.
    private static (ModelText Text, IntegerDecoder Decoder) ReadInTurn(
        Func<ModelText> readText, Func<IntegerDecoder> load)
    {
        ModelText text = readText();
        ReturnFreeMemory();
        return (text, load());
    }

    // Loading an artifact collects what is left behind again and again. A fault of either is told when both have ended.
    private static (ModelText Text, IntegerDecoder Decoder) ReadBoth(
        Func<ModelText> readText, Func<IntegerDecoder> load)
    {
        Task<ModelText> reading = Task.Run(readText);
        IntegerDecoder? loaded = null;
        try
        {
            try
            {
                loaded = load();
            }
            finally
            {
                Task.WaitAny(reading);
            }

            return (reading.GetAwaiter().GetResult(), loaded);
        }
        catch
        {
            loaded?.Dispose();
            throw;
        }
    }

    // The collector keeps what it has freed, a sixth of the memory of a small model, until it is told not to.
    private static void ReturnFreeMemory() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private static IntegerDecoder LoadArtifact(
        ModelPackage package, FormCatalog forms, int threads, bool check, MemoryUse memory)
    {
        using Artifact artifact = Artifact.From(package);
        return artifact.LoadPacked(forms, threads, memory, check);
    }
}
