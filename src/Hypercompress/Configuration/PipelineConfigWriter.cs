using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text;
using Hypercompress.Settings;

namespace Hypercompress.Configuration;

/// <summary>Writes a configuration with every key, so that what was in force can be read and repeated.</summary>
public static partial class PipelineConfigWriter
{
    /// <summary>Writes YAML that <see cref="PipelineConfigReader"/> reads back to the same configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <returns>The text, with a line feed after each line.</returns>
    public static string Write(PipelineConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var text = new StringBuilder();
        WriteSection(text, config, 0);
        return text.ToString();
    }

    private static void WriteSection(StringBuilder text, object record, int depth)
    {
        foreach ((string key, PropertyInfo property) in SettingNames.Of(record.GetType()))
        {
            WriteMember(text, key, property.GetValue(record), depth);
        }
    }

    private static void WriteMember(StringBuilder text, string key, object? value, int depth)
    {
        text.Append(' ', 2 * depth).Append(key).Append(':');
        if (value is BranchSections branches)
        {
            text.Append('\n');
            foreach ((string name, object options) in branches.ByName)
            {
                WriteMember(text, name, options, depth + 1);
            }
        }
        else if (value is not null && SettingNames.IsSection(value.GetType()))
        {
            text.Append('\n');
            WriteSection(text, value, depth + 1);
        }
        else
        {
            text.Append(' ').Append(Spell(value)).Append('\n');
        }
    }

    private static string Spell(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string word => SpellText(word),
        Enum member => SettingNames.Spell(member.ToString()),
        ByteSize size => size.ToString(),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Spell))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"values of type {value.GetType()} cannot be configured"),
    };

    // A JSON string is a YAML double-quoted scalar.
    private static string SpellText(string text) =>
        SafeText().IsMatch(text) && text is not ("null" or "Null" or "NULL") ? text : JsonSerializer.Serialize(text);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_./-]*\z")]
    private static partial Regex SafeText();
}
