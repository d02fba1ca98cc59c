using System.Text.RegularExpressions;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Reading;

namespace Hypercompress.Models.Packages.Adapters;

/// <summary>A LoRA adapter as PEFT stores it: a configuration and the factors.</summary>
internal sealed partial class FolderAdapter : IAdapter
{
    private const string SafetensorsName = "adapter_model.safetensors";
    private const string TorchName = "adapter_model.bin";
    private const string Prefix = "base_model.model.";

    private readonly AdapterConfig _config;

    private FolderAdapter(AdapterConfig config, ITensorSource tensors) => (_config, Tensors) = (config, tensors);

    /// <inheritdoc/>
    public ITensorSource Tensors { get; }

    /// <inheritdoc/>
    public string? BaseName => _config.BaseName;

    /// <summary>Whether a folder holds an adapter and no model.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsAdapter(string folder) =>
        File.Exists(Path.Combine(folder, AdapterConfig.FileName)) && !CheckpointFolder.HasWeights(folder);

    /// <summary>Opens an adapter.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>The adapter; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">It cannot be read, or is of a kind that is not merged.</exception>
    public static FolderAdapter Open(string folder)
    {
        AdapterConfig config = AdapterConfig.Read(folder);
        string path = Path.Combine(folder, SafetensorsName);
        ITensorSource tensors = File.Exists(path)
            ? SafetensorsFile.Open(path)
            : TorchStateDict.Open(Path.Combine(folder, TorchName));
        return new FolderAdapter(config, tensors);
    }

    /// <inheritdoc/>
    public ITensorSource MergeInto(DecoderConfig config, ITensorSource tensors)
    {
        var finder = new TensorFinder(config.Family.HuggingFaceKeys, tensors);
        Dictionary<string, LoraPair> pairs = new(StringComparer.Ordinal);
        Dictionary<string, string> replaced = new(StringComparer.Ordinal);
        foreach (TensorInfo tensor in Tensors.Tensors.Values)
        {
            if (tensor.Name.Contains("lora_magnitude_vector", StringComparison.Ordinal))
            {
                throw AdapterConfig.Refuse(tensor.File, "DoRA");
            }

            Match match = Factor().Match(tensor.Name);
            if (!match.Success)
            {
                replaced.Add(NameIn(finder, Whole(tensor.Name)), tensor.Name);
            }
            else if (match.Groups["side"].Value == "A")
            {
                pairs.Add(NameIn(finder, match.Groups["module"].Value + ".weight"), Pair(tensor, match));
            }
        }

        return new MergedTensors(tensors, this, new LoraDeltas(Tensors, pairs), replaced);
    }

    /// <inheritdoc/>
    public void Dispose() => Tensors.Dispose();

    private LoraPair Pair(TensorInfo down, Match match)
    {
        Group side = match.Groups["side"];
        string name = down.Name[..side.Index] + "B" + down.Name[(side.Index + 1)..];
        TensorInfo up = Tensors.Tensors.GetValueOrDefault(name)
            ?? throw new CheckpointException(down.File, $"has \"{down.Name}\", but not \"{name}\"");
        bool isEmbedding = match.Groups["embedding"].Success;
        string module = match.Groups["module"].Value;
        long rank = down.Shape.Length > 0 ? Math.Max(1, down.Shape[0]) : 1;
        return new LoraPair(down, up, _config.Scale(module, rank), isEmbedding || _config.IsFanInFanOut);
    }

    /// <summary>A tensor that is stored whole, in place of that of the base.</summary>
    private static string Whole(string name)
    {
        string plain = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        return Saved().Replace(plain, "");
    }

    private static string NameIn(TensorFinder finder, string name) => finder.Find(name)?.Name ?? name;

    [GeneratedRegex(
        @"^(?:base_model\.model\.)?(?<module>.+)\.lora_(?<embedding>embedding_)?(?<side>[AB])"
        + @"(?:\.(?!weight$)[^.]+)?(?:\.weight)?$")]
    private static partial Regex Factor();

    [GeneratedRegex(@"\.(?:modules_to_save(?:\.default)?|base_layer)(?=\.)")]
    private static partial Regex Saved();
}
