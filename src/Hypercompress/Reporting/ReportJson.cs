using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Hypercompress.Reporting;

/// <summary>Writes a report as JSON: property names in snake case, numbers that are not finite as null.</summary>
public static class ReportJson
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiniteNumberConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>
    /// Writes the report, as it is in <c>report.json</c> and as <c>compress --json</c> prints it.
    /// </summary>
    /// <param name="report">The report.</param>
    /// <returns>A JSON object, indented, with a line feed at its end.</returns>
    public static string Write(CompressionReport report) =>
        JsonSerializer.Serialize(report, Layout).ReplaceLineEndings("\n") + "\n";

    /// <summary>The report as a tree, for programs that pick parts of it.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The same object as <see cref="Write"/> writes.</returns>
    public static JsonObject ToNode(CompressionReport report) =>
        JsonSerializer.SerializeToNode(report, Layout)!.AsObject();
}
