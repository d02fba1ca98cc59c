using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Settings;

/// <summary>Finds what is out of range in a record of settings that was not read from a file.</summary>
public static class SettingFaults
{
    /// <summary>Checks single values against the attributes of their properties, then the record as a whole.</summary>
    /// <param name="record">A record without sections of its own.</param>
    /// <returns>Key, in snake case, and fault: <c>window</c>, <c>must be at least 2 …</c>; none when all is
    /// well.</returns>
    public static ImmutableArray<KeyValuePair<string, string>> Of(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ImmutableArray<KeyValuePair<string, string>> single =
        [
            .. from pair in SettingNames.Of(record.GetType())
               let value = pair.Property.GetValue(record)
               where value is not null
               from fault in RangeRules.Faults(pair.Property, value)
               select KeyValuePair.Create(pair.Key, fault),
        ];
        return single.IsEmpty && record is IValidatableObject rules ? Together(rules) : single;
    }

    private static ImmutableArray<KeyValuePair<string, string>> Together(IValidatableObject rules) =>
    [
        .. rules.Validate(new ValidationContext(rules)).Select(fault => KeyValuePair.Create(
            SettingNames.Spell(fault.MemberNames.FirstOrDefault() ?? string.Empty),
            fault.ErrorMessage ?? "is not valid")),
    ];
}
