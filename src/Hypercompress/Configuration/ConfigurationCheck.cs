using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Settings;

namespace Hypercompress.Configuration;

/// <summary>Checks a configuration that was made in code by the rules for one from a file.</summary>
internal static class ConfigurationCheck
{
    private const string BranchesKey = "branches";
    private static readonly SettingOrigin Code = new("configuration", 0);

    /// <summary>Checks all values, and gives branches without a section their defaults.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="branches">The branches that there are.</param>
    /// <returns>The configuration with a section for every branch.</returns>
    /// <exception cref="Models.Errors.ConfigurationException">
    /// Something is out of range; the message has a line for each fault.
    /// </exception>
    public static PipelineConfig Complete(PipelineConfig config, ImmutableArray<BranchRegistration> branches)
    {
        var faults = new FaultList();
        var rules = new RecordRules(faults, Code);
        rules.Check(config, string.Empty, BranchesKey);
        ModeRule.Check(config.Mode, branches, Code, faults);
        BranchSections sections = config.Branches;
        CheckNames(sections, branches, faults);
        foreach (BranchRegistration branch in branches)
        {
            if (!sections.ByName.TryGetValue(branch.Name, out IBranchOptions? options))
            {
                sections = sections.With(branch.Name, branch.Defaults());
            }
            else if (branch.OptionsType.IsInstanceOfType(options))
            {
                rules.Check(options, $"{BranchesKey}.{branch.Name}");
            }
            else
            {
                faults.Add(
                    Code,
                    $"{BranchesKey}.{branch.Name}",
                    $"must be {branch.OptionsType.Name}, found {options.GetType().Name}");
            }
        }

        faults.ThrowIfAny();
        return config with { Branches = sections };
    }

    private static void CheckNames(
        BranchSections sections, ImmutableArray<BranchRegistration> branches, FaultList faults)
    {
        ImmutableArray<string> known = [.. branches.Select(branch => branch.Name)];
        foreach (string name in sections.ByName.Keys.Where(name => !known.Contains(name)))
        {
            faults.Add(
                Code, $"{BranchesKey}.{name}", $"is no branch of the registry; known are {string.Join(", ", known)}");
        }
    }
}
