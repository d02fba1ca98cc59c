using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Families;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Quantized;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Packages.Inventory;

/// <summary>
/// The weights of a Hugging Face folder as the decoder wants them: without the names of wrappers, dequantized, with a
/// configuration that says the same as the tensors.
/// </summary>
/// <param name="Tensors">The checkpoint; the caller disposes it.</param>
/// <param name="Notes">What was done to it, for people.</param>
internal sealed record FolderCheckpoint(ITensorSource Tensors, IReadOnlyList<string> Notes)
{
    /// <summary>The key of <c>config.json</c> that marks an artifact of this program.</summary>
    public const string ArtifactSection = "hypercompress";

    /// <summary>Opens the weights of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">
    /// Its parsed <c>config.json</c>; what no longer holds is changed: <c>quantization_config</c>, and a tied head that
    /// is another matrix than the embedding.
    /// </param>
    /// <param name="configFile">Path of that file.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="CheckpointException">
    /// There are no weights, they cannot be read, or they are quantized by a method that is not read.
    /// </exception>
    public static FolderCheckpoint Open(string folder, JsonObject config, string configFile)
    {
        ITensorSource tensors = CheckpointFolder.Open(folder);
        List<string> notes = [];
        try
        {
            if (FamilyOf(config) is { } family && !config.ContainsKey(ArtifactSection))
            {
                tensors = WrapperNames.Unwrap(tensors, family.HuggingFaceKeys, notes);
                tensors = Dequantize(tensors, config, folder, notes);
                KeepHead(tensors, config, configFile, notes);
            }

            return new FolderCheckpoint(tensors, notes);
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    /// <summary>The family that a configuration names.</summary>
    /// <param name="config">The parsed <c>config.json</c>.</param>
    /// <returns>The family; null when it is not supported.</returns>
    public static ArchitectureFamily? FamilyOf(JsonObject config) =>
        (config["model_type"] as JsonValue)?.TryGetValue(out string? type) == true
            ? ArchitectureFamilies.ByModelType(type)
            : null;

    private static ITensorSource Dequantize(
        ITensorSource stored, JsonObject config, string folder, List<string> notes)
    {
        bool isStated = QuantizationSettings.Find(config, folder) is not null;
        QuantizedCheckpoint? dequantized = QuantizedCheckpoint.TryOpen(stored, config, folder);
        if (dequantized is not null)
        {
            notes.Add($"{dequantized.Count} weights are quantized ({dequantized.StoredTypes}): they are dequantized as "
                + "they are read");
        }
        else if (isStated)
        {
            notes.Add("the configuration says that the weights are quantized, but they are stored as ordinary numbers: "
                + "these are read");
        }

        QuantizationSettings.Remove(config);
        return dequantized ?? stored;
    }

    /// <summary>As transformers 5 does, a stored head goes before a flag that says there is none.</summary>
    private static void KeepHead(ITensorSource tensors, JsonObject config, string configFile, List<string> notes)
    {
        if (TryParse(config, configFile) is { } parsed && TiedHead.Contradicts(parsed, tensors))
        {
            string key = parsed.Family.Config.TieEmbeddings.Name!;
            string head = parsed.Family.HuggingFaceKeys.WeightName(TensorRole.Head, null);
            config[key] = JsonValue.Create(false);
            notes.Add($"\"{key}\" is true, but \"{head}\" is another matrix than the embedding: the head is kept, as "
                + "transformers 5 does");
        }
    }

    /// <summary>The decoder's configuration; null when it is refused, which reading it reports.</summary>
    private static DecoderConfig? TryParse(JsonObject config, string configFile)
    {
        try
        {
            return DecoderConfigReader.Parse(config, configFile);
        }
        catch (CheckpointException)
        {
            return null;
        }
    }
}
