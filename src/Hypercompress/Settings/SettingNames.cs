using System.Reflection;
using System.Text.Json;

namespace Hypercompress.Settings;

/// <summary>
/// How properties and enumeration members are spelled in a configuration: <c>MaxRam</c> is <c>max_ram</c>.
/// </summary>
internal static class SettingNames
{
    /// <summary>The key of every property that can be configured, in the order of declaration.</summary>
    public static IReadOnlyList<(string Key, PropertyInfo Property)> Of(Type record) =>
    [
        .. record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .OrderBy(property => property.MetadataToken)
            .Select(property => (Spell(property.Name), property)),
    ];

    /// <summary>True for a type whose settings form a section of their own.</summary>
    public static bool IsSection(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type != typeof(string)
        && type.GetConstructor(Type.EmptyTypes) is not null;

    /// <summary>The type of the items of a list, or null for anything but a list.</summary>
    public static Type? ItemType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(System.Collections.Immutable.ImmutableArray<>)
            ? type.GetGenericArguments()[0]
            : null;

    /// <summary>The spelling of a name.</summary>
    public static string Spell(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
