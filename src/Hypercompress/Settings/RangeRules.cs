using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Hypercompress.Settings;

/// <summary>Checks a value against the attributes of its property.</summary>
internal static class RangeRules
{
    /// <summary>The rules that a value breaks.</summary>
    /// <param name="property">The property with its attributes.</param>
    /// <param name="value">
    /// A single value, not null; of a list, one of its items, or the list itself for its length.
    /// </param>
    /// <returns>One sentence per broken attribute.</returns>
    public static IEnumerable<string> Faults(PropertyInfo property, object value)
    {
        bool isList = SettingNames.ItemType(value.GetType()) is not null;
        foreach (ValidationAttribute rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            if (isList != (rule is MinLengthAttribute or MaxLengthAttribute or LengthAttribute))
            {
                continue;
            }

            string? fault = rule switch
            {
                RangeAttribute range => CheckRange(range, value),
                AllowedValuesAttribute allowed => CheckAllowed(allowed, value),
                _ => rule.IsValid(value) ? null : rule.FormatErrorMessage(SettingNames.Spell(property.Name)),
            };
            if (fault is not null)
            {
                yield return fault;
            }
        }
    }

    // RangeAttribute itself rounds a value to the type of its limits (0.5 passes as 0); this compares as numbers.
    private static string? CheckRange(RangeAttribute range, object value)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        double lowest = Convert.ToDouble(range.Minimum, culture);
        double highest = Convert.ToDouble(range.Maximum, culture);
        double found = value is ByteSize size ? size.Bytes : Convert.ToDouble(value, culture);
        bool fits = (range.MinimumIsExclusive ? found > lowest : found >= lowest)
            && (range.MaximumIsExclusive ? found < highest : found <= highest);
        string from = range.MinimumIsExclusive ? "more than" : "at least";
        string to = range.MaximumIsExclusive ? "less than" : "at most";
        return fits
            ? null
            : string.Create(
                culture, $"must be {from} {Limit(lowest, value)} and {to} {Limit(highest, value)}, found {value}");
    }

    // A limit of a size is a size.
    private static string Limit(double limit, object value) => value is ByteSize
        ? new ByteSize((long)limit).ToString()
        : Convert.ToString(limit, CultureInfo.InvariantCulture);

    private static string? CheckAllowed(AllowedValuesAttribute allowed, object value)
    {
        if (allowed.Values.Contains(value))
        {
            return null;
        }

        IEnumerable<string> known = allowed.Values.OfType<object>().Select(candidate => candidate.ToString()!);
        string? near = KeySuggestions.Nearest(value.ToString()!, known);
        return $"must be one of {string.Join(", ", known)}, found '{value}'"
            + (near is null ? string.Empty : $"; did you mean '{near}'?");
    }
}
