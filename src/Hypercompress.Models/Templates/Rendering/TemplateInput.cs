using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Rendering;

/// <summary>Hands values of .NET and JSON documents to a template.</summary>
internal static class TemplateInput
{
    /// <summary>The value that a template sees.</summary>
    /// <param name="value">
    /// null, bool, a number, a text, a JSON node or element, a dictionary with texts as keys, or a list of such.
    /// </param>
    /// <param name="run">The rendering.</param>
    /// <exception cref="ArgumentException">The value is of another type.</exception>
    /// <exception cref="TemplateException">The value is nested too deep.</exception>
    public static object? Of(object? value, TemplateRun run)
    {
        run.Step(0);
        return value switch
        {
            null or bool or long or double or string or BigInteger or Undefined => value,
            int number => (long)number,
            float number => (double)number,
            JsonNode node => OfNode(node, run),
            JsonElement element => OfElement(element, run),
            IReadOnlyDictionary<string, object?> map => OfEntries(map, run),
            IEnumerable list => new TemplateList([.. list.Cast<object?>().Select(item => Of(item, run))]),
            _ => throw new ArgumentException($"a template takes no value of type {value.GetType()}", nameof(value)),
        };
    }

    /// <summary>The fields of a document as variables; using one that it lacks is an error.</summary>
    /// <param name="document">The document.</param>
    /// <param name="length">Characters of the template; with the document they bound what it may cost.</param>
    public static TemplateScope StrictScope(JsonObject document, int length)
    {
        var run = new TemplateRun(length + LengthOf(document), strict: true);
        var scope = new TemplateScope(run);
        foreach (var (name, value) in document)
        {
            scope.Set(name, Of(value, run));
        }

        return scope;
    }

    /// <summary>About how many characters a value has.</summary>
    public static long LengthOf(object? value) => value switch
    {
        string text => text.Length,
        JsonValue scalar => scalar.TryGetValue(out string? text) ? text.Length : 8,
        JsonObject map => map.Sum(pair => pair.Key.Length + LengthOf(pair.Value)),
        IReadOnlyDictionary<string, object?> map => map.Sum(pair => pair.Key.Length + LengthOf(pair.Value)),
        IEnumerable list => list.Cast<object?>().Sum(LengthOf),
        JsonElement element => element.GetRawText().Length,
        _ => 8,
    };

    private static object? OfNode(JsonNode node, TemplateRun run) => node switch
    {
        JsonArray list => new TemplateList([.. list.Select(item => Of(item, run))]),
        JsonObject map => OfEntries(map.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)), run),
        _ => OfElement(JsonSerializer.SerializeToElement(node), run),
    };

    private static object? OfElement(JsonElement element, TemplateRun run) => element.ValueKind switch
    {
        JsonValueKind.Object => OfEntries(element.EnumerateObject()
            .Select(pair => KeyValuePair.Create(pair.Name, (object?)pair.Value)), run),
        JsonValueKind.Array => new TemplateList([.. element.EnumerateArray().Select(item => Of(item, run))]),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => OfNumber(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static object OfNumber(JsonElement element)
    {
        string text = element.GetRawText();
        bool whole = text.AsSpan().IndexOfAny('.', 'e', 'E') < 0;
        return element.TryGetInt64(out long number) && whole ? number
            : whole ? BigInteger.Parse(text, CultureInfo.InvariantCulture)
            : element.GetDouble();
    }

    private static TemplateMap OfEntries(IEnumerable<KeyValuePair<string, object?>> entries, TemplateRun run)
    {
        var map = new TemplateMap(new PythonEquality(run));
        foreach (var (name, value) in entries)
        {
            map.Set(name, Of(value, run));
        }

        return map;
    }
}
