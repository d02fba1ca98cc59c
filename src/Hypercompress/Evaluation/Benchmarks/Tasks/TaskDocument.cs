using System.Text.Json.Nodes;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>A document as it was read.</summary>
/// <param name="Index">0-based row in its split.</param>
/// <param name="Values">Its fields.</param>
/// <param name="File">The file that holds it.</param>
/// <param name="Place">Its position in the file, for messages.</param>
internal sealed record TaskDocument(int Index, JsonObject Values, string File, string Place);
