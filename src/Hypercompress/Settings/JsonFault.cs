using System.Text.Json;
using System.Text.RegularExpressions;
using Hypercompress.Models.Errors;

namespace Hypercompress.Settings;

/// <summary>Faults of JSON documents in words for people, without the names of the program's types.</summary>
internal static partial class JsonFault
{
    /// <summary>Describes a fault.</summary>
    /// <param name="fault">What the serializer found.</param>
    /// <returns>The place in the document and the fault, such as <c>$.sites: the key 'x' is unknown</c>.</returns>
    public static string Describe(Exception fault)
    {
        string place = fault is JsonException { Path: { Length: > 0 } path } ? $"{path}: " : string.Empty;
        return InDocument(fault) is { } problem ? place + problem : MalformedJson.Describe(fault);
    }

    // What is JSON, but not what the document should hold.
    private static string? InDocument(Exception fault) =>
        Missing().Match(fault.Message) is { Success: true } missing ? $"lacks {missing.Groups["keys"].Value}"
        : Unknown().Match(fault.Message) is { Success: true } unknown
            ? $"the key '{unknown.Groups["key"].Value}' is unknown"
        : Null().Match(fault.Message) is { Success: true } empty
            ? $"'{SettingNames.Spell(empty.Groups["key"].Value)}' is null"
        : Twice().Match(fault.Message) is { Success: true } twice
            ? $"the key '{twice.Groups["key"].Value}' is there twice"
        : Converted().IsMatch(fault.Message) ? "the value is of another type than expected"
        : null;

    [GeneratedRegex(@"^JSON deserialization for type '.*' was missing required properties including: (?<keys>.*)\.$")]
    private static partial Regex Missing();

    [GeneratedRegex(@"^The JSON property '(?<key>.*)' could not be mapped to any \.NET member")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"^The .* '(?<key>\w+)' on type '.*' doesn't allow .*null")]
    private static partial Regex Null();

    [GeneratedRegex(@"^Duplicate property '(?<key>.*)' encountered")]
    private static partial Regex Twice();

    [GeneratedRegex(@"^The JSON value could not be converted to ")]
    private static partial Regex Converted();
}
