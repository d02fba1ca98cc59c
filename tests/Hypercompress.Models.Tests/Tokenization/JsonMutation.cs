using System.Text.Json.Nodes;
using CsCheck;

namespace Hypercompress.Models.Tests.Tokenization;

/// <summary>Documents that differ from a good one in a few values, and are still JSON.</summary>
internal static class JsonMutation
{
    private static readonly string[] Extremes =
    [
        "null", "-1", "0", "2147483647", "99999999999", "1e308", "0.5", "true", "\"\"", "\"a\"", "\"\\u0000\"",
        "\"(((((a+)+)+)+)+$\"", "\"[[\"", "\"Sequence\"", "\"ByteLevel\"", "\"Precompiled\"", "\"Unigram\"", "[]", "{}",
        "[[[]]]", "{\"type\":\"Sequence\"}", "[\"a\",-1]", "[\"a\",\"b\"]",
    ];

    /// <summary>Which values change into what: place among all values (wrapped around) and the new value.</summary>
    public static Gen<(int Place, int Extreme)[]> Changes { get; } =
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, Extremes.Length]).Array[1, 4];

    /// <summary>Changes a document; the last kind of change removes the value.</summary>
    public static byte[] Apply(string document, (int Place, int Extreme)[] changes)
    {
        JsonNode root = JsonNode.Parse(document)!;
        foreach (var (place, extreme) in changes)
        {
            JsonNode?[] containers = [.. Containers(root).Where(node => Count(node) > 0)];
            if (containers.Length > 0)
            {
                JsonNode container = containers[place % containers.Length]!;
                Change(container, place / containers.Length % Count(container), extreme);
            }
        }

        return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static int Count(JsonNode? node) => node is JsonArray list ? list.Count : node!.AsObject().Count;

    private static void Change(JsonNode container, int index, int extreme)
    {
        JsonNode? value = extreme < Extremes.Length ? JsonNode.Parse(Extremes[extreme]) : null;
        if (container is JsonArray list)
        {
            list.RemoveAt(index);
            if (extreme < Extremes.Length)
            {
                list.Insert(index, value);
            }

            return;
        }

        string key = container.AsObject().ElementAt(index).Key;
        container.AsObject().Remove(key);
        if (extreme < Extremes.Length)
        {
            container[key] = value;
        }
    }

    private static IEnumerable<JsonNode> Containers(JsonNode? node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonArray list => list,
            JsonObject map => map.Select(pair => pair.Value),
            _ => [],
        };
        return node is JsonArray or JsonObject ? children.SelectMany(Containers).Prepend(node) : [];
    }
}
