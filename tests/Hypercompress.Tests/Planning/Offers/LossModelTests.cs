using Hypercompress.Planning.Offers;

namespace Hypercompress.Tests.Planning.Offers;

public sealed class LossModelTests
{
    [Fact]
    public void Unmeasured_PredictsBetweenSecondOrderAndWhatWasMeasuredAtMost()
    {
        LossModel forecast = LossModel.Unmeasured(20, 100);

        PerplexityForecast prediction = forecast.Predict(0.1);

        Assert.Equal(20 * Math.Exp(0.18), prediction.Perplexity, 9);
        Assert.Equal(20 * Math.Exp(0.1), prediction.Low, 9);
        Assert.Equal(20 * Math.Exp(0.26), prediction.High, 9);
    }

    [Fact]
    public void Measured_MeetsItsPointsAndWidensWithTheirError()
    {
        var curve = new LossCurve(0.1, 0.2, 0.4, 1.0);

        PerplexityForecast sharp = LossModel.Measured(20, 1_000_000, curve, 0).Predict(0.4);
        PerplexityForecast blurred = LossModel.Measured(20, 1_000_000, curve, 0.2).Predict(0.4);

        Assert.Equal(20 * Math.E, sharp.Perplexity, 9);
        Assert.True(blurred.Low < sharp.Low && sharp.Low < sharp.Perplexity);
        Assert.True(blurred.High > sharp.High && sharp.High > sharp.Perplexity);
    }

    [Fact]
    public void Predict_BelowADamageThatIsMuchTooHarsh_HoldsTheSquareAndTheProportion()
    {
        LossModel harsh = LossModel.Measured(2, 1_000_000, new LossCurve(0.1, 1.0, 0.4, 9.0), 0);
        LossModel usual = LossModel.Measured(2, 1_000_000, new LossCurve(0.1, 0.2, 0.4, 1.0), 0);

        PerplexityForecast prediction = harsh.Predict(0.025);

        Assert.Equal(2 * Math.Exp(0.125), prediction.Perplexity, 9);
        Assert.Equal(2 * Math.Exp(0.0625 * harsh.Low), prediction.Low, 9);
        Assert.Equal(2 * Math.Exp(0.25 * harsh.High), prediction.High, 9);
        Assert.Equal(2 * Math.E, harsh.Predict(0.1).Perplexity, 9);
        Assert.Equal(2 * Math.Exp(0.05), usual.Predict(0.025).Perplexity, 9);
    }

    [Fact]
    public void Predict_HopelessLoss_EndsAtTheVocabulary()
    {
        PerplexityForecast prediction = LossModel.Unmeasured(20, 100).Predict(1e6);

        Assert.Equal((100.0, 100.0, 100.0), (prediction.Perplexity, prediction.Low, prediction.High));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.05, 0.1)]
    [InlineData(0.1, 0.2)]
    [InlineData(0.2, 0.4472135955)]
    [InlineData(0.4, 1)]
    [InlineData(0.8, 2.2360679775)]
    public void Loss_TwoMeasurements_IsALineThenAPower(double error, double loss) =>
        Assert.Equal(loss, new LossCurve(0.1, 0.2, 0.4, 1.0).Loss(error), 1e-9);

    [Fact]
    public void Through_UnusablePoints_GoesByTheOthers()
    {
        Assert.Equal(6, LossCurve.Through(new LossPoint(0, 0), new LossPoint(0.5, 1)).Loss(3), 12);
        Assert.Equal(6, LossCurve.Through(new LossPoint(0.5, 1), new LossPoint(0.5, double.NaN)).Loss(3), 12);
        Assert.Equal(LossCurve.Identity, LossCurve.Through(new LossPoint(0.5, -1e-3), new LossPoint(0, 1)));
        Assert.Equal(6, LossCurve.Through(new LossPoint(0.5, 1), new LossPoint(0.5, 1)).Loss(3), 12);
    }
}
