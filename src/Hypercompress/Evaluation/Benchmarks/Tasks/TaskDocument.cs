using System.Text.Json.Nodes;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>A document as it was read.</summary>
/// <param name="Index">0-based row in its split.</param>
/// <param name="Values">Its fields.</param>
/// <param name="File">The file that it stands in.</param>
/// <param name="Place">Where it stands there, for messages.</param>
internal sealed record TaskDocument(int Index, JsonObject Values, string File, string Place);
