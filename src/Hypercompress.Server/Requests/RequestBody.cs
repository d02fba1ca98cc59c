using System.Collections.Immutable;
using System.Text.Json;

namespace Hypercompress.Server.Requests;

/// <summary>The members of a request, with errors that name them.</summary>
/// <param name="body">The object of the request.</param>
internal readonly struct RequestBody(JsonElement body)
{
    /// <summary>A member.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The member; null where it is missing or null.</returns>
    public JsonElement? At(string name) =>
        body.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    /// <returns>The number; null where it is missing.</returns>
    public long? Whole(string name, long least, long most) => At(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out long number)
            && number >= least && number <= most => number,
        _ => throw ApiException.Invalid(name, $"{name} must be {Range(least, most)}"),
    };

    /// <summary>A number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    /// <returns>The number; null where it is missing.</returns>
    public double? Real(string name, double least, double most) => At(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double number)
            && number >= least && number <= most => number,
        _ => throw ApiException.Invalid(
            name, FormattableString.Invariant($"{name} must be a number from {least} to {most}")),
    };

    /// <summary>A yes or no.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The answer; false where it is missing.</returns>
    public bool Flag(string name) => At(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw ApiException.Invalid(name, $"{name} must be true or false"),
    };

    /// <summary>A text.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The text; null where it is missing.</returns>
    public string? Text(string name) => At(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw ApiException.Invalid(name, $"{name} must be a text"),
    };

    /// <summary>One text or several.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The texts; none where it is missing.</returns>
    public ImmutableArray<string> Texts(string name) => At(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } value => [value.GetString()!],
        { ValueKind: JsonValueKind.Array } list
            when list.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(one => one.GetString()!)],
        _ => throw ApiException.Invalid(name, $"{name} must be a text or a list of texts"),
    };

    /// <summary>An object.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its members; null where it is missing.</returns>
    public RequestBody? Part(string name) => At(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new RequestBody(value),
        _ => throw ApiException.Invalid(name, $"{name} must be an object"),
    };

    /// <summary>Refuses members that ask for what this server does not do, instead of ignoring them.</summary>
    /// <param name="names">Their names.</param>
    public void Refuse(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (At(name) is { } value && !AsksForNothing(value))
            {
                throw Unsupported(name);
            }
        }
    }

    /// <summary>Refuses numbers that change what the model says, which this server does not do.</summary>
    /// <param name="nothing">The number that changes nothing.</param>
    /// <param name="names">Their names.</param>
    public void RefuseUnless(double nothing, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (At(name) is { } value
                && !(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
                    && number == nothing))
            {
                throw Unsupported(name);
            }
        }
    }

    private static ApiException Unsupported(string name) =>
        ApiException.Invalid(name, $"this server does not support {name}; leave it out", "unsupported_parameter");

    private static string Range(long least, long most) => (least, most) switch
    {
        _ when least == most => FormattableString.Invariant($"{least}"),
        (long.MinValue, _) => "a whole number",
        (_, int.MaxValue) => FormattableString.Invariant($"a whole number of {least} or more"),
        _ => FormattableString.Invariant($"a whole number from {least} to {most}"),
    };

    private static bool AsksForNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False => true,
        JsonValueKind.Number => value.TryGetDouble(out double number) && number == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.String => value.GetString() is "" or "none",
        _ => false,
    };
}
