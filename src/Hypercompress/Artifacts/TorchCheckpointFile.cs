using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>The checkpoint of a run with six entries, for <c>torch.load(weights_only=True)</c>.</summary>
internal static class TorchCheckpointFile
{
    private const string StateDict = "student_state_dict";

    /// <summary>
    /// Writes a checkpoint. Numbers with a fraction are written as tensors of one value, and lists of them as tensors:
    /// with <c>weights_only</c>, PyTorch 1.13 loads no other fractions.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The student's tensors as stored; disposed here.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="report">The run's report; its sections become the other entries.</param>
    /// <returns>Bytes of the tensors' data.</returns>
    public static long Write(string path, IEnumerable<StoredTensor> tensors, JsonObject config, JsonObject report)
    {
        using var scope = NewDisposeScope();
        StoredTensor[] stored = [.. tensors];
        try
        {
            return TorchCheckpointWriter.Write(path, new Dictionary<string, object?>
            {
                [StateDict] = stored.ToDictionary(tensor => tensor.Name, tensor => (object?)tensor.Value),
                ["config"] = Plain(config),
                ["metrics"] = Plain(report["evaluation"]),
                ["compression_summary"] = Plain(Without(report, "evaluation", "training")),
                ["distillation_history"] = Plain(Training(report, 0)),
                ["finetune_history"] = Plain(Training(report, 1)),
            });
        }
        finally
        {
            Release(stored);
        }
    }

    /// <summary>Reads a checkpoint back.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">What it must hold; disposed here.</param>
    /// <returns>
    /// Largest difference of any value; infinite when a tensor is missing or of another type or shape.
    /// </returns>
    public static double Compare(string path, IEnumerable<StoredTensor> tensors)
    {
        using var scope = NewDisposeScope();
        StoredTensor[] stored = [.. tensors];
        try
        {
            using TorchCheckpoint checkpoint = TorchCheckpointReader.Read(path);
            var root = (IReadOnlyDictionary<string, object?>)checkpoint.Root!;
            var state = (IReadOnlyDictionary<string, object?>)root[StateDict]!;
            return stored.Max(tensor => Difference(tensor.Value, state.GetValueOrDefault(tensor.Name) as Tensor));
        }
        finally
        {
            Release(stored);
        }
    }

    private static JsonObject Without(JsonObject report, params string[] keys)
    {
        JsonObject rest = report.DeepClone().AsObject();
        foreach (string key in keys)
        {
            rest.Remove(key);
        }

        return rest;
    }

    private static JsonNode? Training(JsonObject report, int phase) =>
        (report["training"] as JsonArray)?.ElementAtOrDefault(phase);

    private static double Difference(Tensor expected, Tensor? found)
    {
        if (found is null || found.dtype != expected.dtype || !found.shape.AsSpan().SequenceEqual(expected.shape))
        {
            return double.PositiveInfinity;
        }

        return expected.NumberOfElements == 0
            ? 0
            : (expected.to(ScalarType.Float64) - found.to(ScalarType.Float64)).abs().max().item<double>();
    }

    private static void Release(StoredTensor[] tensors)
    {
        foreach (StoredTensor tensor in tensors)
        {
            tensor.Value.Dispose();
        }
    }

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => members.ToDictionary(member => member.Key, member => Plain(member.Value)),
        JsonArray items when items.Any(IsFraction) && items.All(IsNumber) =>
            tensor(items.Select(item => (double)item!).ToArray()),
        JsonArray items => items.Select(Plain).ToList(),
        _ => PlainScalar(node.AsValue()),
    };

    private static bool IsNumber(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number;

    private static bool IsFraction(JsonNode? node) => IsNumber(node) && !node!.AsValue().TryGetValue(out long _);

    private static object? PlainScalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.TryGetValue(out long whole) ? (object)whole : tensor((double)value),
        _ => null,
    };
}
