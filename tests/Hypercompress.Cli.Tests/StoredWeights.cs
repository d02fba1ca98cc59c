using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests;

/// <summary>What a safetensors header says, read by hand: the bytes of a model as any other program counts
/// them.</summary>
internal static class StoredWeights
{
    /// <summary>Bytes of all tensors in the <c>.safetensors</c> files of a folder.</summary>
    public static long Bytes(string folder) => Directory.GetFiles(folder, "*.safetensors").Sum(
        file => Tensors(file)
            .Sum(tensor => (long)tensor.Value!["data_offsets"]![1]! - (long)tensor.Value["data_offsets"]![0]!));

    /// <summary>Element types of all tensors in a folder.</summary>
    public static ISet<string> Types(string folder) => Directory.GetFiles(folder, "*.safetensors")
        .SelectMany(Tensors).Select(tensor => (string)tensor.Value!["dtype"]!).ToHashSet();

    /// <summary>Entries of a header, without its metadata.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Tensors(string file)
    {
        byte[] content = File.ReadAllBytes(file);
        int length = checked((int)BinaryPrimitives.ReadInt64LittleEndian(content));
        return JsonNode.Parse(content.AsSpan(8, length))!.AsObject().Where(entry => entry.Key != "__metadata__");
    }
}
