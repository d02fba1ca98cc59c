using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Branches.KvCache;
using Hypercompress.Branches.LowRank;
using Hypercompress.Branches.Quantization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Targets;

namespace Hypercompress.Tests.Planning.Outlook;

public sealed class TargetBoundsTests
{
    // Two matrices of 128 bytes, and 8 bytes of vectors.
    private static readonly ModelOutline Outline =
        new(
            264,
            8,
            [MadeUpOffers.Site(0), MadeUpOffers.Site(1) with { Kind = WeightSlotKind.KeyValue }],
            [128, 128]);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(26.4)]
    public void Require_ARatioWithinTheBounds_LetsItPass(double ratio) =>
        Bounds(new PlannerOptions()).Require(ratio);

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(27, 26.4)]
    [InlineData(1e6, 26.4)]
    public void Require_ARatioBeyondThem_NamesTheBound(double ratio, double bound)
    {
        var refused =
            Assert.Throws<BudgetException>(() => Bounds(new PlannerOptions()).Require(ratio));

        Assert.Equal(bound, refused.NearestRatio, 3);
        Assert.Equal(ratio, refused.AskedRatio);
        Assert.Contains("; the nearest ratio", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, "528 bytes are asked for", "is 264 bytes (ratio 1): give at most that many bytes")]
    [InlineData(132, "2 bytes are asked for", "is 10 bytes (ratio 26.4): ")]
    public void Require_BytesBeyondThem_NamesTheBoundInBytes(double ratio, string asked, string nearest)
    {
        var refused =
            Assert.Throws<BudgetException>(() => Bounds(new PlannerOptions()).Require(ratio, inBytes: true));

        Assert.StartsWith(asked, refused.Message, StringComparison.Ordinal);
        Assert.Contains(nearest, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nearest ratio", refused.Message, StringComparison.Ordinal);
    }

    // Rows of 8 values fill no block; a graph may have factors of 16 bits in their place.
    [Theory]
    [InlineData("gguf", 264)]
    [InlineData("onnx", 8 + (2 * 32))]
    public void LeastBytes_ForARuntime_AreThoseOfItsSmallestForms(string runtime, long bytes) =>
        Assert.Equal(bytes, Bounds(new PlannerOptions(), runtime).LeastBytes);

    [Theory]
    [InlineData("*.layers.9.*", "*", "planner.exclude: the pattern '*.layers.9.*' matches no site; sites are named like ")]
    [InlineData("*", "*.layer.0.*", "planner.include: the pattern '*.layer.0.*' matches no site; sites are named like ")]
    public void Require_APatternOfNoSite_IsRefusedBeforeAnyWork(string exclude, string include, string message)
    {
        var options = new PlannerOptions { Exclude = [exclude], Include = [include] };

        var one = Assert.Throws<ConfigurationException>(() => Bounds(options).Require(2));
        var several = Assert.Throws<ConfigurationException>(() => Bounds(options).RequireAny([]));

        Assert.StartsWith(message, one.Message, StringComparison.Ordinal);
        Assert.EndsWith("model.layers.0.mlp.up_proj, model.layers.1.mlp.up_proj", one.Message, StringComparison.Ordinal);
        Assert.Equal(one.Message, several.Message);
    }

    [Theory]
    [InlineData("*.layers.0.*", "*", 137)]
    [InlineData("*.layers.9.*", "*", 10)]
    [InlineData(null, "*.layers.0.*", 137)]
    [InlineData("*", "*", 264)]
    public void LeastBytes_HasMatricesThatAreNotCompressedInFull(string? exclude, string include, long bytes)
    {
        var options = new PlannerOptions { Exclude = exclude is null ? [] : [exclude], Include = [include] };

        Assert.Equal(bytes, Bounds(options).LeastBytes);
        Assert.Equal(264, Bounds(options).MostBytes);
    }

    // Number formats leave the cache and the multiply-adds as they are; a latent may be one value wide.
    [Theory]
    [InlineData(null, 15L, "allows 15 bytes of cache per token, and at least 16 are needed")]
    [InlineData(127L, null, "allows 127 multiply-adds per token, and at least 128 are needed")]
    [InlineData(null, 16L, null)]
    [InlineData(128L, null, null)]
    public void Require_ALimitThatNoFormatChanges_IsRefused(long? multiplyAdds, long? cache, string? message)
    {
        var options = new PlannerOptions { MaxMultiplyAddsPerToken = multiplyAdds, MaxKvBytesPerToken = cache };

        Exception? refused = Record.Exception(() => Bounds(options).Require(2));

        Assert.Equal(message is null, refused is null);
        Assert.Contains(message ?? "", refused?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Require_ALimitWithABranchThatMakesForms_MayBeAsLowAsOneValueAMatrix()
    {
        CompressionBranch[] branches =
        [
            new LowRankBranch(new LowRankOptions(), new BranchSettings()),
            new KvCacheBranch(new KvCacheOptions(), new BranchSettings()),
        ];
        var options = new PlannerOptions { MaxMultiplyAddsPerToken = 2, MaxKvBytesPerToken = 2 };

        Bounds(options, branches: branches).Require(2);

        Assert.Throws<BudgetException>(
            () => Bounds(options with { MaxMultiplyAddsPerToken = 1 }, branches: branches).Require(2));
    }

    [Theory]
    [InlineData("27,1e6", true)]
    [InlineData("4,1e6", false)]
    public void RequireAny_RefusesOnlyWhenNoRatioIsWithinTheBounds(string ratios, bool refuses)
    {
        ImmutableArray<double> asked =
            [.. ratios.Split(',').Select(ratio => double.Parse(ratio, CultureInfo.InvariantCulture))];

        Assert.Equal(refuses, Record.Exception(() => Bounds(new PlannerOptions()).RequireAny(asked)) is not null);
    }

    [Fact]
    public void RequireAny_WithoutRatios_RefusesALimitThatNoPlanHolds() => Assert.Throws<BudgetException>(
        () => Bounds(new PlannerOptions { MaxKvBytesPerToken = 1 }).RequireAny([]));

    private static TargetBounds Bounds(
        PlannerOptions options,
        string runtime = RuntimeTargets.OwnName,
        CompressionBranch[]? branches = null) =>
        new(
            options,
            Outline,
            RuntimeTargets.Find(runtime),
            [.. branches ?? [new QuantizationBranch(new QuantizationOptions(), new BranchSettings())]]);
}
