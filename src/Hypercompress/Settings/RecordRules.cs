using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Hypercompress.Settings;

/// <summary>Checks the values of a record, of its sections and of its lists against the attributes of their properties.
/// </summary>
/// <param name="faults">Where faults are noted.</param>
/// <param name="origin">Where the record was made.</param>
internal sealed class RecordRules(FaultList faults, SettingOrigin origin)
{
    /// <summary>Checks a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="path">Dotted path of its section; empty at the top.</param>
    /// <param name="skipped">Keys that are checked elsewhere.</param>
    public void Check(object record, string path, params ReadOnlySpan<string> skipped)
    {
        int before = faults.Count;
        foreach ((string key, PropertyInfo property) in SettingNames.Of(record.GetType()))
        {
            if (!skipped.Contains(key))
            {
                CheckValue(property, property.GetValue(record), Join(path, key));
            }
        }

        if (faults.Count == before && record is IValidatableObject rules)
        {
            CheckTogether(rules, path);
        }
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private void CheckValue(PropertyInfo property, object? value, string path)
    {
        if (value is null)
        {
            RequireNullable(property, path);
        }
        else if (SettingNames.IsSection(value.GetType()))
        {
            Check(value, path);
        }
        else if (SettingNames.ItemType(value.GetType()) is not null)
        {
            CheckList(property, value, path);
        }
        else
        {
            CheckRules(property, value, path);
        }
    }

    private void RequireNullable(PropertyInfo property, string path)
    {
        NullabilityInfo nullability = new NullabilityInfoContext().Create(property);
        if (nullability.WriteState == NullabilityState.NotNull)
        {
            faults.Add(origin, path, "must not be null");
        }
    }

    private void CheckList(PropertyInfo property, object list, string path)
    {
        // A default array throws when it is read; it compares equal to the default of its type.
        if (list.Equals(Activator.CreateInstance(list.GetType())))
        {
            faults.Add(origin, path, "must be a list, found none; [] is the empty one");
            return;
        }

        CheckRules(property, list, path);
        foreach ((int index, object? item) in ((IEnumerable)list).Cast<object?>().Index())
        {
            CheckValue(property, item, $"{path}[{index}]");
        }
    }

    private void CheckRules(PropertyInfo property, object value, string path)
    {
        foreach (string fault in RangeRules.Faults(property, value))
        {
            faults.Add(origin, path, fault);
        }
    }

    private void CheckTogether(IValidatableObject rules, string path)
    {
        foreach (ValidationResult result in rules.Validate(new ValidationContext(rules)))
        {
            string? key = result.MemberNames.Select(SettingNames.Spell).FirstOrDefault();
            faults.Add(origin, key is null ? path : Join(path, key), result.ErrorMessage ?? "is not valid");
        }
    }
}
