using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Settings;

namespace Hypercompress.Configuration;

/// <summary>Writes a configuration with every key, so that a run can be repeated.</summary>
public sealed partial class PipelineConfigWriter
{
    private readonly StringBuilder _text = new();
    private readonly Func<PropertyInfo, bool> _writes;

    private PipelineConfigWriter(Func<PropertyInfo, bool> writes) => _writes = writes;

    /// <summary>Writes YAML that <see cref="PipelineConfigReader"/> reads back to the same configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <returns>The text, with a line feed after each line.</returns>
    public static string Write(PipelineConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new PipelineConfigWriter(_ => true).WriteAll(config);
    }

    /// <summary>
    /// Writes the configuration that an artifact carries: texts by their names alone, since where they lay on one
    /// machine tells nothing on another.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <returns>The text.</returns>
    internal static string WriteRecipe(PipelineConfig config) => Write(config with
    {
        Data = config.Data with
        {
            Calibration = [.. config.Data.Calibration.Select(Path.GetFileName).OfType<string>()],
            Validation = [.. config.Data.Validation.Select(Path.GetFileName).OfType<string>()],
        },
    });

    /// <summary>
    /// Writes only the options that offers depend on: those without <see cref="AfterCalibrationAttribute"/>.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <returns>A text that is the same for two configurations whose offers are the same.</returns>
    internal static string WriteForOffers(PipelineConfig config) =>
        new PipelineConfigWriter(property => !property.IsDefined(typeof(AfterCalibrationAttribute))).WriteAll(config);

    private string WriteAll(PipelineConfig config)
    {
        WriteSection(config, 0);
        return _text.ToString();
    }

    private void WriteSection(object record, int depth)
    {
        foreach ((string key, PropertyInfo property) in SettingNames.Of(record.GetType()).Where(
            pair => _writes(pair.Property)))
        {
            WriteMember(key, property.GetValue(record), depth);
        }
    }

    private void WriteMember(string key, object? value, int depth)
    {
        _text.Append(' ', 2 * depth).Append(key).Append(':');
        if (value is BranchSections branches)
        {
            _text.Append('\n');
            foreach ((string name, object options) in branches.ByName)
            {
                WriteMember(name, options, depth + 1);
            }
        }
        else if (value is not null && SettingNames.IsSection(value.GetType()))
        {
            _text.Append('\n');
            WriteSection(value, depth + 1);
        }
        else
        {
            _text.Append(' ').Append(Spell(value)).Append('\n');
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
        SafeText().IsMatch(text) && text is not ("null" or "Null" or "NULL")
            ? text
            : JsonSerializer.Serialize(text, PlainJson.Compact);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_./-]*\z")]
    private static partial Regex SafeText();
}
