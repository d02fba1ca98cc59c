using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Settings;

namespace Hypercompress.Configuration;

/// <summary>
/// The key <c>effort</c>, which stands for values of other keys: <c>light</c> takes less text, tries nothing out before
/// planning, solves all blocks at once and does not train; <c>best</c> takes more text for everything; <c>normal</c>
/// changes nothing. Keys that are written where the effort is win, in the file or on the command line, and a
/// configuration that was read has only these other keys.
/// </summary>
internal static class Effort
{
    /// <summary>The key.</summary>
    internal const string Key = "effort";

    private const string Light = "light", Normal = "normal", Best = "best";

    private static readonly FrozenDictionary<string, ImmutableArray<(string Path, string Value)>> Presets =
        new Dictionary<string, ImmutableArray<(string Path, string Value)>>(StringComparer.Ordinal)
        {
            [Light] =
            [
                ("data.calibration_tokens", "16384"),
                ("data.fisher_tokens", "4096"),
                ("planner.probes", "off"),
                ("sequential.enabled", "false"),
                ("distillation.enabled", "false"),
                ("finetune.enabled", "false"),
            ],
            [Normal] = [],
            [Best] =
            [
                ("data.calibration_tokens", "131072"),
                ("data.fisher_tokens", "32768"),
                ("planner.probe_tokens", "256"),
                ("sequential.enabled", "true"),
                ("sequential.tokens", "65536"),
                ("distillation.token_budget", "1000000"),
            ],
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What an effort stands for.</summary>
    /// <param name="name">The effort.</param>
    /// <returns>Dotted paths and YAML scalars; null where there is no such effort.</returns>
    internal static ImmutableArray<(string Path, string Value)>? Find(string name) =>
        Presets.TryGetValue(name, out var preset) ? preset : null;

    /// <summary>Puts settings on top of a file, and replaces the key by what it stands for.</summary>
    /// <param name="file">What the file has.</param>
    /// <param name="overrides">What the command line has. An effort there also wins over keys of the file.</param>
    /// <param name="faults">Gets an unknown effort.</param>
    /// <returns>The settings without the key.</returns>
    internal static SettingMapping Spell(SettingMapping file, ConfigOverrides overrides, FaultList faults)
    {
        SettingMapping all = overrides.ApplyTo(file);
        if (all.Find(Key) is not { } written)
        {
            return all;
        }

        SettingMapping others = all with { Members = all.Members.RemoveAll(member => member.Key == Key) };
        if (written is SettingScalar { Text: { } name } && Find(name) is { } preset)
        {
            SettingMapping beside = overrides.Gives(Key) ? overrides.ApplyTo(file with { Members = [] }) : others;
            return preset.Where(pair => beside.Find(pair.Path) is null).Aggregate(
                others,
                (current, pair) => current.With(
                    pair.Path.Split('.'), new SettingScalar(written.Origin, pair.Value, IsQuoted: false)));
        }

        faults.Add(written.Origin, Key, $"must be {Light}, {Normal} or {Best}, found {written.Description}");
        return others;
    }
}
