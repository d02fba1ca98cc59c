using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization;

/// <summary>Reads a vocabulary that is written as one object of tokens and ids.</summary>
internal static class VocabularyReader
{
    /// <summary>No vocabulary has ids this large; a file that claims so is not believed.</summary>
    public const int MaxId = 1 << 24;

    /// <summary>The ids by token.</summary>
    /// <exception cref="Errors.CheckpointException">It is not an object, or an id is not an id.</exception>
    public static Dictionary<string, int> Read(JsonPart part)
    {
        part.RequireKind(JsonValueKind.Object);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in part.Element.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id)
                || id is < 0 or > MaxId)
            {
                throw part.Problem($"gives '{entry.Name}' the id {entry.Value}, expected 0 to {MaxId}");
            }

            ids[entry.Name] = id;
        }

        return ids;
    }
}
