using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;

namespace Hypercompress.Models.Tests.Templates;

/// <summary>Templates with what Jinja2 makes of them; <c>write_expected.py</c> beside them writes the latter.</summary>
internal static class JinjaCases
{
    /// <summary>Where the cases are.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Templates", "Cases");

    /// <summary>Names of the chat templates.</summary>
    public static IEnumerable<string> ChatNames =>
        new DirectoryInfo(Path.Combine(Folder, "Chat")).GetFiles().Select(file => file.Name)
            .Order(StringComparer.Ordinal);

    /// <summary>Small templates, one a feature.</summary>
    public static IReadOnlyList<string> Features() =>
    [
        .. File.ReadAllText(Path.Combine(Folder, "features.txt")).Split('\n').Where(line => line.Length > 0)
            .Select(line => line.Replace('⏎', '\n').Replace('␉', '\t').Replace('␍', '\r')),
    ];

    /// <summary>The source of a chat template.</summary>
    public static string Chat(string name) => File.ReadAllText(Path.Combine(Folder, "Chat", name));

    /// <summary>A JSON document among the cases.</summary>
    public static JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name)))!;

    /// <summary>
    /// Renders a template for a document with <c>messages</c> and other variables; null for a typed error.
    /// </summary>
    public static string? Render(string source, JsonObject document)
    {
        try
        {
            return new ChatTemplate(source, "t", new FixedClock()).Render(
                (JsonArray)(document["messages"] ?? new JsonArray()),
                (bool?)document["add_generation_prompt"] ?? false,
                document.Where(pair => pair.Key is not ("messages" or "add_generation_prompt"))
                    .ToDictionary(pair => pair.Key, pair => (object?)pair.Value));
        }
        catch (HypercompressException)
        {
            return null;
        }
    }

    private sealed class FixedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2001, 2, 5, 13, 4, 9, TimeSpan.Zero);
    }
}
