using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Hypercompress.Settings;

namespace Hypercompress.Tests.Settings;

public sealed class RangeRulesTests
{
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Share { get; init; }

    [Range(1e6, 1e15)]
    public ByteSize Size { get; init; }

    [AllowedValues("cpu", "cuda")]
    public string Device { get; init; } = "cpu";

    [Range(2, 8)]
    [MinLength(1)]
    public ImmutableArray<int> Bits { get; init; }

    [Theory]
    [InlineData(nameof(Share), 0.5, null)]
    [InlineData(nameof(Share), 1.0, null)]
    [InlineData(nameof(Share), 0.0, "must be more than 0 and at most 1, found 0")]
    [InlineData(nameof(Share), 1.5, "must be more than 0 and at most 1, found 1.5")]
    [InlineData(nameof(Device), "cuda", null)]
    [InlineData(nameof(Device), "cudda", "must be one of cpu, cuda, found 'cudda'; did you mean 'cuda'?")]
    [InlineData(nameof(Bits), 8, null)]
    [InlineData(nameof(Bits), 9, "must be at least 2 and at most 8, found 9")]
    public void Faults_NameRangeAndValue(string property, object value, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], Faults(property, value));

    [Fact]
    public void Faults_OfASize_AreComparedInBytes()
    {
        Assert.Empty(Faults(nameof(Size), new ByteSize(1_000_000)));
        Assert.Single(Faults(nameof(Size), new ByteSize(999_999)));
    }

    [Fact]
    public void Faults_OfAList_AreThoseOfItsLength()
    {
        Assert.Empty(Faults(nameof(Bits), ImmutableArray.Create(99)));
        Assert.Single(Faults(nameof(Bits), ImmutableArray<int>.Empty));
    }

    private static IEnumerable<string> Faults(string property, object value) =>
        RangeRules.Faults(typeof(RangeRulesTests).GetProperty(property)!, value);
}
