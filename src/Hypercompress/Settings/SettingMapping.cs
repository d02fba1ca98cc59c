using System.Collections.Immutable;
using Hypercompress.Models.Errors;

namespace Hypercompress.Settings;

/// <summary>A section.</summary>
/// <param name="Origin">Where it begins.</param>
/// <param name="Members">Its keys in order; no key occurs twice.</param>
internal sealed record SettingMapping(SettingOrigin Origin, ImmutableArray<SettingMember> Members) : SettingNode(Origin)
{
    public override string Description => "a section";

    /// <summary>The value at a dotted path, or null.</summary>
    public SettingNode? Find(string path)
    {
        SettingNode? node = this;
        foreach (string key in path.Split('.'))
        {
            node = (node as SettingMapping)?.Members.FirstOrDefault(member => member.Key == key)?.Value;
        }

        return node;
    }

    /// <summary>
    /// The same section with another value under a path; sections on the way are made when they are missing.
    /// </summary>
    /// <exception cref="ConfigurationException">A key on the way holds a value instead of a section.</exception>
    public SettingMapping With(ReadOnlySpan<string> path, SettingNode value)
    {
        string key = path[0];
        SettingMember? present = Members.FirstOrDefault(member => member.Key == key);
        SettingNode replacement = path.Length == 1 ? value : Section(present, value.Origin).With(path[1..], value);
        var member = new SettingMember(key, value.Origin, replacement);
        return this with
        {
            Members = present is null ? Members.Add(member) : Members.Replace(present, member),
        };
    }

    private static SettingMapping Section(SettingMember? present, SettingOrigin origin) => present?.Value switch
    {
        SettingMapping mapping => mapping,
        null or { IsNull: true } => new SettingMapping(origin, []),
        _ => throw new ConfigurationException(
            $"{origin}: '{present.Key}' is {present.Value.Description} at {present.Origin}, not a section, so it has "
            + "no keys"),
    };
}
