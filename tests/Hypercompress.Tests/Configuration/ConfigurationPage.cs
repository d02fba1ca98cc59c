using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Settings;

namespace Hypercompress.Tests.Configuration;

/// <summary>The reference of all settings, from the code and its comments.</summary>
internal static partial class ConfigurationPage
{
    private const string Head = """
        # Configuration

        Every key, its default and what it does, generated from the code. A configuration needs only the keys that differ from the defaults; `hypercompress init` writes a file
        with all of them. On the command line `--set section.key=value` sets one, for instance `--set targets.compression_ratio=8` or
        `--set data.validation=[held-out.txt]`. Unknown keys and values out of range are errors.

        `hypercompress compress MODEL --config my.yaml` uses a file. `effort: light`, `normal` or `best` sets other keys; those that are written beside it win, and `--effort`
        on the command line wins over the file. Words such as site and offer: [architecture](../ARCHITECTURE.md#words).

        Relative paths start at the working directory. Sizes are bytes, or a number with a unit: `40MB`, `6GiB`.

        """;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private static readonly Dictionary<string, XElement> Comments = ReadComments();

    /// <summary>The page.</summary>
    public static string Write()
    {
        var text = new StringBuilder(Head);
        IReadOnlyList<(string Key, PropertyInfo Property)> all = SettingNames.Of(typeof(PipelineConfig));
        var top = all.Where(pair => !IsSection(pair)).ToList();
        text.Append("\n## At the top\n\n");
        WriteTable(text, new PipelineConfig(), top);
        foreach ((string key, PropertyInfo property) in all.Except(top))
        {
            if (property.PropertyType == typeof(BranchSections))
            {
                foreach (BranchRegistration branch in BranchRegistry.BuiltIn)
                {
                    WriteSection(text, $"{key}.{branch.Name}", branch.Defaults());
                }
            }
            else
            {
                WriteSection(text, key, property.GetValue(new PipelineConfig())!);
            }
        }

        return text.ToString();
    }

    private static bool IsSection((string Key, PropertyInfo Property) pair) =>
        SettingNames.IsSection(pair.Property.PropertyType) || pair.Property.PropertyType == typeof(BranchSections);

    private static void WriteSection(StringBuilder text, string name, object record)
    {
        text.Append(Culture, $"\n## {name}\n\n");
        IReadOnlyList<(string Key, PropertyInfo Property)> keys = SettingNames.Of(record.GetType());
        WriteTable(text, record, [.. keys.Where(pair => !SettingNames.IsSection(pair.Property.PropertyType))]);
        foreach ((string key, PropertyInfo property) in keys.Where(
            pair => SettingNames.IsSection(pair.Property.PropertyType)))
        {
            WriteSection(text, $"{name}.{key}", property.GetValue(record)!);
        }
    }

    private static void WriteTable(
        StringBuilder text, object record, IReadOnlyList<(string Key, PropertyInfo Property)> keys)
    {
        text.Append("| key | default | what it does | values |\n|---|---|---|---|\n");
        foreach ((string key, PropertyInfo property) in keys)
        {
            XElement comment = Comments[$"P:{property.DeclaringType!.FullName}.{property.Name}"];
            text.Append(Culture, $"| `{key}` | {Default(property.GetValue(record))} ")
                .Append(Culture, $"| {Plain(comment.Element("summary"))} | {Plain(comment.Element("value"))} |\n");
        }
    }

    private static string Default(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "`true`" : "`false`",
        string word => $"`{word}`",
        Enum member => $"`{SettingNames.Spell(member.ToString())}`",
        IEnumerable items => $"`[{string.Join(", ", items.Cast<object>())}]`",
        IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };

    private static string Plain(XElement? comment)
    {
        string text = string.Concat((comment?.Nodes() ?? []).Select(Plain));
        return Spaces().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Plain(XNode node) => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{NameOf((string)see.Attribute("cref")!)}`",
        XElement other => other.Value,
        _ => ((XText)node).Value,
    };

    // A property is known by its key here.
    private static string NameOf(string reference)
    {
        string name = reference.Split('.')[^1];
        return reference.StartsWith("P:", StringComparison.Ordinal) ? SettingNames.Spell(name) : name;
    }

    private static Dictionary<string, XElement> ReadComments() => XDocument
        .Load(Path.ChangeExtension(typeof(PipelineConfig).Assembly.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
