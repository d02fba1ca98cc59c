using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>Reads a factorised folder back, as its modeling file does.</summary>
internal static class FactoredFolder
{
    private const string Weight = ".weight";

    /// <summary>Builds the model of dense matrices.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">The model's sizes and choices.</param>
    /// <returns>A model that the caller disposes.</returns>
    public static DecoderModel Load(string folder, DecoderConfig config)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using ITensorSource tensors = CheckpointFolder.Open(folder);
        JsonNode section = JsonFile.ReadObject(Path.Combine(folder, ArtifactLayout.Config))[ArtifactLayout.Section]!;
        var parts = new Dictionary<(string Slot, long Row), Tensor>();
        foreach (CheckpointTensor stored in new DecoderLayout(config).Tensors())
        {
            foreach ((SlotPart placed, Tensor rows) in Read(tensors, section, stored))
            {
                parts.Add((placed.Slot, placed.Row), rows);
            }
        }

        return SlotRowsAssembler.Assemble(config, parts);
    }

    private static IEnumerable<(SlotPart Placed, Tensor Rows)> Read(
        ITensorSource tensors, JsonNode section, CheckpointTensor stored)
    {
        string module = stored.Name[..stored.Name.LastIndexOf('.')];
        bool isWeight = stored.Name.EndsWith(Weight, StringComparison.Ordinal);
        if (isWeight && section["embedding"] is { } embedding && (string)embedding["module"]! == module)
        {
            return [(stored.Parts[0], ModuleTensors.ReadEmbedding(
                tensors, module, ExportedForm.Read(embedding), (long)embedding["columns"]!))];
        }

        JsonNode? entry = section["modules"]![module];
        if (isWeight && entry is not null)
        {
            return ReadModule(tensors, module, entry, stored);
        }

        string name = entry is not null && (string)entry["kind"]! == ExportedForm.LowRank
            ? stored.Name.Insert(module.Length, ".second")
            : stored.Name;
        Tensor whole = tensors.Read(name).to(ScalarType.Float32);
        return stored.Parts.Select(placed => (placed, placed.Part.Take(whole)));
    }

    private static IEnumerable<(SlotPart Placed, Tensor Rows)> ReadModule(
        ITensorSource tensors, string module, JsonNode entry, CheckpointTensor stored)
    {
        bool isSingle = entry["parts"] is null;
        JsonNode[] forms = isSingle ? [entry] : [.. entry["parts"]!.AsArray().Select(part => part!)];
        return stored.Parts.Zip(forms, (placed, form) => (placed, form))
            .Select((part, index) => (part.placed, ModuleTensors.ReadLinear(
            tensors, FactoredModule.Prefix(module, index, isSingle), ExportedForm.Read(part.form),
            (long)entry["columns"]!)));
    }
}
