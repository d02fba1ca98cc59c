using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Hypercompress.Planning.Offers;
using Hypercompress.Settings;

namespace Hypercompress.Planning;

/// <summary>The section <c>planner</c>: how the settings of every site are chosen.</summary>
public sealed record PlannerOptions
{
    /// <summary>The mode in which the plan takes the settings that the configuration fixes.</summary>
    public const string Manual = "manual";

    /// <summary>No damaged model is run before planning.</summary>
    public const string NoProbes = "off";

    /// <summary>Every site is damaged by itself, and all of them together.</summary>
    public const string SiteProbes = "sites";

    /// <summary>
    /// <c>auto</c>: the planner spends the byte budget where it costs least, and the branches' global settings
    /// (<c>rank</c>, <c>latent_dim</c>, …) are caps. <c>manual</c>: the branches' global settings hold at
    /// every site, and the size follows from them.
    /// </summary>
    /// <value><c>auto</c> or <c>manual</c>. The default is <c>auto</c>.</value>
    [AllowedValues("auto", Manual)]
    public string Mode { get; init; } = "auto";

    /// <summary>Sites that may be compressed: patterns of site names, in which <c>*</c> matches any text.</summary>
    /// <value>The default is <c>["*"]</c>: all of them.</value>
    public ImmutableArray<string> Include { get; init; } = ["*"];

    /// <summary>Sites that are not compressed, even when <see cref="Include"/> names them; patterns as there.</summary>
    /// <value>The default is none.</value>
    [AfterCalibration]
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>
    /// How many trial compressions calibrate the predicted losses before planning: <c>model</c>
    /// compresses all sites together, mildly and harshly, to calibrate the predicted perplexity; <c>sites</c> also
    /// compresses each site by itself, so that the planner uses the measured divergence; <c>off</c> makes none and uses
    /// the predicted errors.
    /// </summary>
    /// <value><c>off</c>, <c>model</c> or <c>sites</c>. The default is <c>sites</c>.</value>
    [AllowedValues(NoProbes, "model", SiteProbes)]
    public string Probes { get; init; } = SiteProbes;

    /// <summary>Held-out calibration tokens on which each site is tried.</summary>
    /// <value>32 to 65 536. The default is 128.</value>
    [Range(32, 65_536)]
    public int ProbeTokens { get; init; } = 128;

    /// <summary>Whether all layers are treated alike: the same offers for the same kind of site.</summary>
    /// <value>The default is false.</value>
    [AfterCalibration]
    public bool Uniform { get; init; }

    /// <summary>Most bytes of key/value cache per token.</summary>
    /// <value>At least 1. The default is none: no limit.</value>
    [AfterCalibration]
    [Range(1.0, 9e18)]
    public long? MaxKvBytesPerToken { get; init; }

    /// <summary>
    /// Most multiply-adds per token, over all matrices; each is two floating-point operations.
    /// </summary>
    /// <value>At least 1. The default is none: no limit.</value>
    [AfterCalibration]
    [Range(1.0, 9e18)]
    public long? MaxMultiplyAddsPerToken { get; init; }

    /// <summary>
    /// The quality limit: a plan whose predicted perplexity before training exceeds this many times the teacher's, even
    /// at the lower end of its band, is not carried out unless <see cref="Force"/> says so.
    /// </summary>
    /// <value>Above 1. The default is 5.</value>
    [AfterCalibration]
    [Range(1.0, 1e9, MinimumIsExclusive = true)]
    public double MaxPerplexityFactor { get; init; } = 5;

    /// <summary>Carries a plan out even when its predicted quality is below the limit.</summary>
    /// <value>The default is false.</value>
    [AfterCalibration]
    public bool Force { get; init; }

    internal PlanLimits Limits => new(MaxMultiplyAddsPerToken, MaxKvBytesPerToken);
}
