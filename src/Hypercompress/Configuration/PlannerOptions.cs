using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Configuration;

/// <summary>The section <c>planner</c>: who decides the settings of every site.</summary>
public sealed record PlannerOptions
{
    /// <summary>The mode in which the plan takes the settings that the configuration fixes.</summary>
    public const string Manual = "manual";

    /// <summary>
    /// <c>auto</c>: the planner spends the byte budget where it costs least, and the branches' global settings
    /// (<c>rank</c>, <c>latent_dim</c>, …) are caps. <c>manual</c>: the branches' global settings hold at
    /// every site, and the size is what comes out.
    /// </summary>
    /// <value><c>auto</c> or <c>manual</c>. The default is <c>auto</c>.</value>
    [AllowedValues("auto", Manual)]
    public string Mode { get; init; } = "auto";

    /// <summary>Sites that may be compressed: patterns of site names in which <c>*</c> stands for any text.</summary>
    /// <value>The default is <c>["*"]</c>: all of them.</value>
    public ImmutableArray<string> Include { get; init; } = ["*"];

    /// <summary>Sites that stay as they are, even when <see cref="Include"/> names them; patterns as there.</summary>
    /// <value>The default is none.</value>
    public ImmutableArray<string> Exclude { get; init; } = [];
}
