using Hypercompress.Branches;
using Hypercompress.Branches.Quantization;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Targets;

namespace Hypercompress.Tests.Planning.Outlook;

public sealed class TargetBoundsTests
{
    // Two matrices of 128 bytes, and 8 bytes of vectors.
    private static readonly ModelOutline Outline =
        new(264, 8, [MadeUpOffers.Site(0), MadeUpOffers.Site(1)], [128, 128]);

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
    }

    // Rows of 8 values fill no block; a graph may have factors of 16 bits in their place.
    [Theory]
    [InlineData("gguf", 264)]
    [InlineData("onnx", 8 + (2 * 32))]
    public void LeastBytes_ForARuntime_AreThoseOfItsSmallestForms(string runtime, long bytes) =>
        Assert.Equal(bytes, Bounds(new PlannerOptions(), runtime).LeastBytes);

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

    private static TargetBounds Bounds(PlannerOptions options, string runtime = RuntimeTargets.OwnName) =>
        new(
            options,
            Outline,
            RuntimeTargets.Find(runtime),
            [new QuantizationBranch(new QuantizationOptions(), new BranchSettings())]);
}
