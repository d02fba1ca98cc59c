using Hypercompress.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis;

public sealed class TokenMetricTests
{
    [Fact]
    public void Frequencies_OfCounts_GiveUnseenTokensHalfACount()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(
            [0.1, 0.3, 0.6], TokenMetric.Frequencies(tensor(new[] { 0.0, 1.0, 2.5 })).data<double>()
            .Select(f => Math.Round(f, 9)));
    }

    // M_0 = 0.25·diag(4, 0) + 0·H, M_1 = 0.75·diag(4, 0) + 0.5·diag(2, 2): traces 1 and 5, mean diag(2.5, 0.5).
    [Fact]
    public void Tied_TwoTokens_SplitsIntoRowsAndMeanMetric()
    {
        using var scope = NewDisposeScope();
        (Tensor rows, Tensor moment) = TokenMetric.Tied(
            tensor(new[] { 0.25, 0.75 }), diag(tensor(new[] { 4.0, 0 })), tensor(new[] { 0, 0.5 }),
            diag(tensor(new[] { 2.0, 2 })));
        Assert.Equal([2.5, 0, 0, 0.5], moment.data<double>().ToArray());
        Assert.Equal([1.0 / 3, 5.0 / 3], rows.data<double>().ToArray());
    }

    [Fact]
    public void Raise_Zeros_StayPositive()
    {
        using var scope = NewDisposeScope();
        Assert.True((TokenMetric.Raise(zeros(3, dtype: ScalarType.Float64), 0.05) > 0).all().item<bool>());
        Assert.Equal([1.1, 3.1], TokenMetric.Raise(tensor(new[] { 1.0, 3.0 }), 0.05).data<double>().ToArray());
    }
}
