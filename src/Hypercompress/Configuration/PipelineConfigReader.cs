using System.Collections.Immutable;
using System.Reflection;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Models.Errors;
using Hypercompress.Settings;

namespace Hypercompress.Configuration;

/// <summary>
/// Reads configurations strictly: an unknown key, a value of the wrong type or out of its range is an error with
/// file, line, full path and remedy, and all errors are reported at once. Environment variables have no effect.
/// </summary>
/// <param name="branches">The branches that have sections under <c>branches</c>.</param>
public sealed class PipelineConfigReader(IEnumerable<BranchRegistration> branches)
{
    private const string BranchesKey = "branches";
    private const long SizeLimit = 1 << 20;
    private readonly ImmutableArray<BranchRegistration> _branches = [.. branches];

    /// <summary>The configuration with every key at its default.</summary>
    public PipelineConfig Defaults => Parse(string.Empty, "defaults");

    /// <summary>The full dotted paths of all keys that hold a value, in the order of the sections.</summary>
    public ImmutableArray<string> Keys =>
    [
        .. SettingNames.Of(typeof(PipelineConfig)).SelectMany(pair => pair.Key == BranchesKey
            ? _branches.SelectMany(branch => Leaves(branch.OptionsType, $"{BranchesKey}.{branch.Name}"))
            : SettingNames.IsSection(pair.Property.PropertyType)
                ? Leaves(pair.Property.PropertyType, pair.Key)
                : [pair.Key]),
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="file">Path of a YAML file of at most 1 MiB.</param>
    /// <param name="overrides">Settings on top of it; none by default.</param>
    /// <returns>The configuration, with defaults for the keys that are not written.</returns>
    /// <exception cref="ConfigurationException">
    /// The file cannot be read, or something in it or in the overrides is wrong.
    /// </exception>
    public PipelineConfig Read(string file, ConfigOverrides? overrides = null)
    {
        try
        {
            var info = new FileInfo(file);
            return info.Length > SizeLimit
                ? throw new ConfigurationException(
                    $"{file}: has {info.Length} bytes; a configuration has at most {SizeLimit}")
                : Parse(File.ReadAllText(file), file, overrides);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{file}: {ReadFault.Describe(file, fault)}", fault);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="yaml">The YAML; empty gives the defaults.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="overrides">Settings on top of it; none by default.</param>
    /// <returns>The configuration, with defaults for the keys that are not written.</returns>
    /// <exception cref="ConfigurationException">Something in it or in the overrides is wrong.</exception>
    public PipelineConfig Parse(string yaml, string file, ConfigOverrides? overrides = null)
    {
        var faults = new FaultList();
        SettingMapping settings = Effort.Spell(
            YamlSettings.ReadFile(yaml, file), overrides ?? ConfigOverrides.None, faults);
        var binder = new RecordBinder(faults, Keys);
        var config = (PipelineConfig)binder.Bind(
            typeof(PipelineConfig), settings, string.Empty, BranchesKey, Effort.Key);
        BranchSections sections = BindBranches(binder, settings.Find(BranchesKey));
        SettingOrigin origin = settings.Find("mode")?.Origin ?? settings.Origin;
        ModeRule.Check(config.Mode, _branches, origin, faults);
        CheckTasks(config.Evaluation, settings, faults);
        faults.ThrowIfAny();
        return config with { Branches = sections };
    }

    /// <summary>The keys that <c>effort</c> stands for, with their values.</summary>
    /// <param name="effort"><c>light</c>, <c>normal</c> or <c>best</c>.</param>
    /// <returns>Dotted paths and YAML scalars; none for <c>normal</c>.</returns>
    /// <exception cref="ConfigurationException">There is no such effort.</exception>
    public static ImmutableArray<KeyValuePair<string, string>> KeysOfEffort(string effort)
    {
        ArgumentNullException.ThrowIfNull(effort);
        return Effort.Find(effort) is { } preset
            ? [.. preset.Select(pair => KeyValuePair.Create(pair.Path, pair.Value))]
            : throw new ConfigurationException($"effort: must be light, normal or best, found '{effort}'");
    }

    private static IEnumerable<string> Leaves(Type record, string path)
    {
        foreach ((string key, PropertyInfo property) in SettingNames.Of(record))
        {
            string full = $"{path}.{key}";
            IEnumerable<string> found = SettingNames.IsSection(property.PropertyType)
                ? Leaves(property.PropertyType, full)
                : [full];
            foreach (string leaf in found)
            {
                yield return leaf;
            }
        }
    }

    // A task that there is not needs no folder of documents.
    private static void CheckTasks(EvaluationOptions options, SettingMapping settings, FaultList faults)
    {
        if (options.DataDir is null && !options.AllTasks.IsEmpty
            && TaskLibrary.FaultOf(options.AllTasks) is { } fault)
        {
            SettingNode? tasks = (settings.Find("evaluation") as SettingMapping)?.Find("tasks");
            faults.AddFirst(tasks?.Origin ?? settings.Origin, "evaluation.tasks", $"cannot be measured: {fault}");
        }
    }

    private BranchSections BindBranches(RecordBinder binder, SettingNode? node)
    {
        var written = new Dictionary<string, SettingNode>(StringComparer.Ordinal);
        if (binder.Section(node, BranchesKey) is { } mapping)
        {
            ImmutableArray<string> known = [.. _branches.Select(branch => branch.Name)];
            foreach ((SettingMember member, _) in binder.Match(mapping, known, BranchesKey))
            {
                written[member.Key] = member.Value;
            }
        }

        return new BranchSections(_branches.ToImmutableSortedDictionary(
            branch => branch.Name,
            branch => (IBranchOptions)binder.Bind(
                branch.OptionsType, written.GetValueOrDefault(branch.Name), $"{BranchesKey}.{branch.Name}"),
            StringComparer.Ordinal));
    }
}
