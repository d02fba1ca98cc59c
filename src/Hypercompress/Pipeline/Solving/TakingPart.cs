using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;
using Hypercompress.Planning;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline.Solving;

/// <summary>The branches that take part in a run.</summary>
internal static class TakingPart
{
    /// <summary>Creates them.</summary>
    /// <param name="config">All options.</param>
    /// <param name="registry">The branches that there are.</param>
    /// <param name="target">The runtime that the result is for.</param>
    /// <returns>The branches that the mode names and whose matrices the runtime holds.</returns>
    /// <exception cref="ConfigurationException">The runtime holds nothing of what the mode makes.</exception>
    public static ImmutableArray<CompressionBranch> Create(
        PipelineConfig config, BranchRegistry registry, RuntimeTarget target)
    {
        bool isFixed = config.Planner.Mode == PlannerOptions.Manual;
        var settings = new BranchSettings(config.Targets.MaxRankFraction, isFixed, config.Runtime.Seed)
        {
            Target = target,
        };
        ImmutableArray<CompressionBranch> branches =
        [
            .. registry.Registrations.Where(known => config.Uses(known.Name))
                .Select(known => registry.Create(known.Name, config.Branches[known.Name], settings))
                .Where(branch => target.HoldsAllForms || !branch.MakesForms
                    || (branch.IsStructural && !target.FactorFormats.IsEmpty)),
        ];
        return branches.IsEmpty && !target.HoldsAllForms
            ? throw new ConfigurationException(
                $"targets.runtime: {target.Name} holds no matrix that mode '{config.Mode}' makes; use mode "
                + $"'{PipelineConfig.Hybrid}' or 'quantization', with branches.quantization.enabled")
            : branches;
    }
}
