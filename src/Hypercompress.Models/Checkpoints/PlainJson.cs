using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hypercompress.Models.Checkpoints;

/// <summary>
/// How JSON is written for files, terminals and messages: only what JSON itself requires is escaped, so that a
/// <c>&lt;</c> stays one. Such text must not be put into a page of HTML.
/// </summary>
public static class PlainJson
{
    /// <summary>One line.</summary>
    public static JsonSerializerOptions Compact { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Indented; lines end with a line feed on every system.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Compact) { WriteIndented = true, NewLine = "\n" };
}
