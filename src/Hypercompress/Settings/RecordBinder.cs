using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Hypercompress.Settings;

/// <summary>
/// Fills immutable records from settings: keys in snake case name properties, keys that are not written keep the
/// record's
/// own defaults, and every fault is noted with its line while the rest is read on.
/// </summary>
/// <param name="faults">Where faults are noted.</param>
/// <param name="elsewhere">Full paths of all known keys, to find a key that was put into the wrong section.</param>
internal sealed class RecordBinder(FaultList faults, IReadOnlyCollection<string> elsewhere)
{
    private static readonly MethodInfo FreezeItems =
        typeof(RecordBinder).GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
        .Single(method => method is { Name: nameof(Freeze), IsGenericMethodDefinition: true });

    /// <summary>Fills a record.</summary>
    /// <param name="type">A record with a parameterless constructor.</param>
    /// <param name="node">Its section; null or an empty one gives the defaults.</param>
    /// <param name="path">Dotted path of the section; empty at the top.</param>
    /// <param name="skipped">Keys of the section that are read elsewhere.</param>
    /// <returns>The record; incomplete where faults were noted.</returns>
    public object Bind(Type type, SettingNode? node, string path, params ReadOnlySpan<string> skipped)
    {
        object record = Activator.CreateInstance(type)!;
        if (Section(node, path) is not { } mapping)
        {
            return record;
        }

        int before = faults.Count;
        IReadOnlyList<(string Key, PropertyInfo Property)> known = SettingNames.Of(type);
        ImmutableArray<string> keys = [.. known.Select(pair => pair.Key)];
        foreach ((SettingMember member, int index) in Match(mapping, [.. keys.Union(skipped.ToArray())], path))
        {
            if (!skipped.Contains(member.Key))
            {
                BindProperty(record, known[index].Property, member, Join(path, member.Key));
            }
        }

        if (faults.Count == before)
        {
            CheckTogether(record, mapping, path);
        }

        return record;
    }

    /// <summary>Pairs the keys of a section with the ones that are known, and notes the others as faults.</summary>
    /// <param name="mapping">The section.</param>
    /// <param name="known">Its known keys.</param>
    /// <param name="path">Dotted path of the section.</param>
    /// <returns>Each known member with the index of its key.</returns>
    public IEnumerable<(SettingMember Member, int Index)> Match(
        SettingMapping mapping, ImmutableArray<string> known, string path)
    {
        foreach (SettingMember member in mapping.Members)
        {
            int index = known.IndexOf(member.Key);
            if (index >= 0)
            {
                yield return (member, index);
            }
            else
            {
                faults.Add(member.Origin, Join(path, member.Key), $"is an unknown key; {Advise(member.Key, known)}");
            }
        }
    }

    /// <summary>
    /// A node as a section: null for nothing, or when it is something else, which is noted as a fault.
    /// </summary>
    public SettingMapping? Section(SettingNode? node, string path)
    {
        if (node is not (null or SettingMapping or { IsNull: true }))
        {
            faults.Add(node.Origin, path, $"must be a section with keys of its own, found {node.Description}");
        }

        return node as SettingMapping;
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private string Advise(string key, ImmutableArray<string> known)
    {
        string ending = $".{key}";
        string? moved = elsewhere.FirstOrDefault(path => path.EndsWith(ending, StringComparison.Ordinal));
        string? near = KeySuggestions.Nearest(key, known) ?? moved ?? KeySuggestions.Nearest(key, elsewhere);
        string list = $"known here: {string.Join(", ", known)}";
        return near is null ? list : $"did you mean '{near}'? ({list})";
    }

    private void BindProperty(object record, PropertyInfo property, SettingMember member, string path)
    {
        if (SettingNames.IsSection(property.PropertyType))
        {
            property.SetValue(record, Bind(property.PropertyType, member.Value, path));
            return;
        }

        int before = faults.Count;
        object? value = Convert(property, member.Value, path);
        if (faults.Count == before)
        {
            property.SetValue(record, value);
        }
    }

    private object? Convert(PropertyInfo property, SettingNode node, string path)
    {
        if (SettingNames.ItemType(property.PropertyType) is { } itemType)
        {
            return ConvertList(property, itemType, node, path);
        }

        Type? underlying = Nullable.GetUnderlyingType(property.PropertyType);
        bool nullable = underlying is not null
            || (property.PropertyType == typeof(string)
                && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable);
        return node.IsNull && nullable
            ? null
            : ConvertScalar(property, underlying ?? property.PropertyType, node, path);
    }

    private object? ConvertScalar(PropertyInfo property, Type type, SettingNode node, string path)
    {
        object? value = node is SettingScalar { IsNull: false } scalar ? ScalarReader.Read(scalar, type) : null;
        if (value is null)
        {
            string expected = node is SettingScalar ? ScalarReader.Expected(type) : "a single value";
            faults.Add(node.Origin, path, $"must be {expected}, found {node.Description}");
            return null;
        }

        CheckValue(property, value, node, path);
        return value;
    }

    private object? ConvertList(PropertyInfo property, Type itemType, SettingNode node, string path)
    {
        if (node is not SettingSequence sequence)
        {
            faults.Add(node.Origin, path, $"must be a list such as [a, b], found {node.Description}");
            return null;
        }

        var items = Array.CreateInstance(itemType, sequence.Items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            object? item = SettingNames.IsSection(itemType)
                ? Bind(itemType, sequence.Items[i], $"{path}[{i}]")
                : ConvertScalar(property, itemType, sequence.Items[i], $"{path}[{i}]");
            if (item is not null)
            {
                items.SetValue(item, i);
            }
        }

        object list = Freeze(items);
        CheckValue(property, list, node, path);
        return list;
    }

    private static object Freeze(Array items) => FreezeItems
        .MakeGenericMethod(items.GetType().GetElementType()!)
        .Invoke(null, [items])!;

    private static ImmutableArray<T> Freeze<T>(T[] items) => ImmutableArray.Create(items);

    private void CheckValue(PropertyInfo property, object value, SettingNode node, string path)
    {
        foreach (string fault in RangeRules.Faults(property, value))
        {
            faults.Add(node.Origin, path, fault);
        }
    }

    private void CheckTogether(object record, SettingMapping mapping, string path)
    {
        if (record is not IValidatableObject rules)
        {
            return;
        }

        foreach (ValidationResult result in rules.Validate(new ValidationContext(record)))
        {
            string? key = result.MemberNames.Select(SettingNames.Spell).FirstOrDefault();
            SettingMember? member = mapping.Members.FirstOrDefault(member => member.Key == key);
            string full = key is null ? path : Join(path, key);
            faults.Add(member?.Origin ?? mapping.Origin, full, result.ErrorMessage ?? "is not valid");
        }
    }
}
