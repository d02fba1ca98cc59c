using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Hypercompress.Branches;

namespace Hypercompress.Tests.Configuration;

/// <summary>A branch's options with one key of every kind that can be configured.</summary>
public sealed record SampleBranchOptions : IBranchOptions
{
    public bool Enabled { get; init; } = true;

    [Range(1, int.MaxValue)]
    public int? Rank { get; init; }

    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Share { get; init; } = 0.5;

    [MinLength(1)]
    [Range(2, 8)]
    public ImmutableArray<int> Bits { get; init; } = [8, 4];

    [AllowedValues("wanda", "magnitude")]
    public string Method { get; init; } = "wanda";

    public string? Note { get; init; }

    public SampleKind Kind { get; init; }

    public SampleNested Inner { get; init; } = new();

    public ImmutableArray<double> Weights { get; init; } = [];

    public long Steps { get; init; }
}
