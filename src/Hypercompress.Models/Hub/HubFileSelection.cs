using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Hub;

/// <summary>Which of a model's files are needed to run it.</summary>
internal static class HubFileSelection
{
    private const string Config = "config.json";

    private static readonly string[] Small = [Config, "generation_config.json", .. TokenizerFileSet.Names];

    /// <summary>A single file of weights, or the index that lists several; the first that is there counts.</summary>
    private static readonly string[] Weights =
    [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
    ];

    /// <summary>The files that can be named without reading one: all but the parts of an index.</summary>
    /// <param name="id">The model, for messages.</param>
    /// <param name="files">All files of the model.</param>
    /// <exception cref="CheckpointException">
    /// There are no weights that can be read, or more than one GGUF file.
    /// </exception>
    public static IReadOnlyList<string> Choose(HubModelId id, IReadOnlyCollection<string> files)
    {
        string? weights = Weights.FirstOrDefault(files.Contains);
        if (weights is not null && files.Contains(Config))
        {
            return [.. Small.Where(files.Contains), weights];
        }

        string[] gguf =
        [
            .. files.Where(name => IsPlain(name) && name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)),
        ];
        return gguf.Length switch
        {
            1 => gguf,
            0 => throw new CheckpointException(id.ToString(),
                $"has no model that can be read: looked for {Config} with {string.Join(", ", Weights)}, "
                + "or one .gguf file"),
            _ => throw new CheckpointException(id.ToString(),
                $"has {gguf.Length} .gguf files ({string.Join(", ", gguf.Take(5))}{(gguf.Length > 5 ? ", …" : "")}); "
                + "download one of them and give its path"),
        };
    }

    /// <summary>Whether a file lists the others that hold the weights.</summary>
    public static bool IsIndex(string name) => name.EndsWith(".index.json", StringComparison.Ordinal);

    /// <summary>The files that an index lists.</summary>
    /// <param name="path">The index.</param>
    /// <exception cref="CheckpointException">It is malformed, or names a file elsewhere.</exception>
    public static IReadOnlyList<string> Parts(string path)
    {
        if (JsonFile.ReadObject(path)["weight_map"] is not JsonObject map)
        {
            throw new CheckpointException(path, "has no weight_map");
        }

        string[] parts = [.. map.Select(pair => pair.Value as JsonValue)
            .Select(value => value?.TryGetValue(out string? name) == true && IsPlain(name)
                ? name
                : throw new CheckpointException(
                    path, $"names {value?.ToJsonString(PlainJson.Compact) ?? "null"}, expected a file beside it"))
            .Distinct().Order(StringComparer.Ordinal)];
        return parts.Length > 0 ? parts : throw new CheckpointException(path, "lists no weights");
    }

    /// <summary>
    /// Whether a folder has all files of its manifest, or a configuration and all weights, or a GGUF file.
    /// </summary>
    /// <exception cref="CheckpointException">Its manifest or index is malformed.</exception>
    public static bool IsComplete(string folder)
    {
        bool Has(string name) => IsThere(Path.Combine(folder, name));
        if (!Directory.Exists(folder))
        {
            return false;
        }

        if (Has(HubManifest.FileName))
        {
            return HubManifest.Read(Path.Combine(folder, HubManifest.FileName)).Entries.All(entry => Has(entry.Name));
        }

        string? weights = Weights.FirstOrDefault(Has);
        return weights is null || !Has(Config)
            ? Directory.GetFiles(folder, "*.gguf").Any(IsThere)
            : !IsIndex(weights) || Parts(Path.Combine(folder, weights)).All(Has);
    }

    /// <summary>Whether a file is there; a link without its target does not count.</summary>
    private static bool IsThere(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null
            ? file.Exists
            : file.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true };
    }

    /// <summary>Whether a name is the plain name of a file, without a path elsewhere.</summary>
    public static bool IsPlain(string name) =>
        name.Length > 0 && name[0] != '.' && name.AsSpan().IndexOfAny("/\\:\0") < 0;
}
