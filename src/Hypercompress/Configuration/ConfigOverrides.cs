using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Settings;

namespace Hypercompress.Configuration;

/// <summary>
/// Settings from the command line, applied on top of a configuration file in their order; the last one wins.
/// </summary>
public sealed class ConfigOverrides
{
    private readonly ImmutableArray<(string Path, SettingNode Value)> _settings;

    private ConfigOverrides(ImmutableArray<(string Path, SettingNode Value)> settings) => _settings = settings;

    /// <summary>No overrides.</summary>
    public static ConfigOverrides None { get; } = new([]);

    /// <summary>
    /// Reads assignments such as <c>targets.compression_ratio=4</c> or <c>data.validation=[a.txt, b.txt]</c>.
    /// </summary>
    /// <param name="assignments">Dotted path, equals sign, and a YAML scalar or list.</param>
    /// <param name="option">Name of the option that they were given to, for messages.</param>
    /// <returns>The overrides.</returns>
    /// <exception cref="ConfigurationException">
    /// There is no equals sign or no path, or the value is neither a scalar nor a list.
    /// </exception>
    public static ConfigOverrides Parse(IEnumerable<string> assignments, string option = "--set")
    {
        ArgumentNullException.ThrowIfNull(assignments);
        ConfigOverrides overrides = None;
        foreach (string assignment in assignments)
        {
            string written = $"{option} {assignment}";
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new ConfigurationException(
                    $"{written}: expected a dotted path, '=' and a value, such as targets.compression_ratio=4");
            }

            overrides = overrides.With(assignment[..equals].Trim(), assignment[(equals + 1)..], written);
        }

        return overrides;
    }

    /// <summary>These overrides and one more.</summary>
    /// <param name="path">Dotted path of the key.</param>
    /// <param name="value">A YAML scalar or list.</param>
    /// <param name="option">The option with its value, for messages, such as <c>--ratio 4</c>.</param>
    /// <returns>The overrides.</returns>
    /// <exception cref="ConfigurationException">
    /// The path has an empty part, or the value is neither a scalar nor a list.
    /// </exception>
    public ConfigOverrides With(string path, string value, string option)
    {
        SettingNode node = YamlSettings.ReadValue(value, option);
        return node is SettingMapping
            ? throw new ConfigurationException(
                $"{option}: the value is a section; set its keys one by one, or quote a text that contains ': '")
            : Add(path, node, option);
    }

    /// <summary>
    /// These overrides and a list of texts, which are not parsed: file names may contain any character.
    /// </summary>
    /// <param name="path">Dotted path of the key.</param>
    /// <param name="texts">The items.</param>
    /// <param name="option">The option's name, for messages, such as <c>--calibration</c>.</param>
    /// <returns>The overrides.</returns>
    /// <exception cref="ConfigurationException">The path has an empty part.</exception>
    public ConfigOverrides WithTexts(string path, IEnumerable<string> texts, string option)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var origin = new SettingOrigin(option, 0);
        ImmutableArray<SettingNode> items = [.. texts.Select(text => new SettingScalar(origin, text, IsQuoted: true))];
        return Add(path, new SettingSequence(origin, items), option);
    }

    /// <summary>These overrides and others, which win.</summary>
    /// <param name="later">The others.</param>
    /// <returns>The overrides.</returns>
    public ConfigOverrides Then(ConfigOverrides later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return new ConfigOverrides(_settings.AddRange(later._settings));
    }

    /// <summary>Whether a key gets a value.</summary>
    /// <param name="path">Dotted path of the key.</param>
    /// <returns>False where it is not among these overrides, or is set to null last.</returns>
    public bool Gives(string path) =>
        _settings.LastOrDefault(setting => setting.Path == path).Value is { IsNull: false };

    /// <summary>A configuration with these settings on top.</summary>
    internal SettingMapping ApplyTo(SettingMapping settings) =>
        _settings.Aggregate(settings, (current, setting) => current.With(setting.Path.Split('.'), setting.Value));

    private ConfigOverrides Add(string path, SettingNode value, string option) =>
        path.Split('.').Any(string.IsNullOrWhiteSpace)
            ? throw new ConfigurationException($"{option}: '{path}' is not a dotted path such as targets.bytes")
            : new ConfigOverrides(_settings.Add((path, value)));
}
