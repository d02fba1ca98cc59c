using System.Collections.Immutable;
using Hypercompress.Branches.Registry;
using Hypercompress.Settings;

namespace Hypercompress.Configuration;

/// <summary>What <c>mode</c> may be: <c>hybrid</c>, or the name of a branch.</summary>
internal static class ModeRule
{
    /// <summary>Notes a fault for anything else.</summary>
    /// <param name="mode">The value.</param>
    /// <param name="branches">The branches that there are.</param>
    /// <param name="origin">Where it was written.</param>
    /// <param name="faults">Where the fault is noted.</param>
    public static void Check(
        string mode, ImmutableArray<BranchRegistration> branches, SettingOrigin origin, FaultList faults)
    {
        ImmutableArray<string> known = [PipelineConfig.Hybrid, .. branches.Select(branch => branch.Name)];
        if (!known.Contains(mode))
        {
            string? near = KeySuggestions.Nearest(mode, known);
            string advice = near is null ? string.Empty : $"; did you mean '{near}'?";
            faults.Add(origin, "mode", $"must be one of {string.Join(", ", known)}, found '{mode}'{advice}");
        }
    }
}
