using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;

namespace Hypercompress.Tests.Planning.Outlook;

public sealed class ExpectedTrainingTests
{
    private const double Loss = 0.2;

    private static readonly LossModel Forecast = LossModel.Unmeasured(20, 50_000);

    [Fact]
    public void Predict_IsBetweenTheTeacherAndThePlan()
    {
        PerplexityForecast before = Forecast.Predict(Loss);

        PerplexityForecast after = After(300_000);

        Assert.InRange(after.Perplexity, Forecast.TeacherPerplexity, before.Perplexity);
        Assert.InRange(after.Low, Forecast.TeacherPerplexity, before.Low);
        Assert.InRange(after.High, after.Perplexity, before.High);
        Assert.InRange(after.Low, 0, after.Perplexity);
    }

    [Fact]
    public void Predict_OnNoTokens_IsThePredictionWithoutTraining()
    {
        PerplexityForecast before = Forecast.Predict(Loss);

        PerplexityForecast after = After(0);

        Assert.Equal(before.Perplexity, after.Perplexity, 9);
        Assert.Equal(before.Low, after.Low, 9);
        Assert.Equal(before.High, after.High, 9);
    }

    [Fact]
    public void Predict_OnMoreTokens_ComesNearerToTheTeacher_AtBothEndsOfTheBandToo()
    {
        PerplexityForecast[] forecasts =
            [.. new long[] { 0, 1, 1000, 30_000, 300_000, 3_000_000, 1_000_000_000_000 }.Select(After)];

        foreach ((PerplexityForecast fewer, PerplexityForecast more) in forecasts.Zip(forecasts.Skip(1)))
        {
            Assert.True(more.Perplexity < fewer.Perplexity);
            Assert.True(more.Low < fewer.Low);
            Assert.True(more.High < fewer.High);
            Assert.InRange(more.Low, Forecast.TeacherPerplexity, more.Perplexity);
        }
    }

    // The rows that the law was fitted to (docs/experiments.md): their results lie in the band that would have been
    // said had the perplexity before training been known.
    [Theory]
    [InlineData(150_528, 22.16, 21.11, 19.23)]
    [InlineData(163_840, 28.71, 25.47, 19.23)]
    [InlineData(300_032, 28.71, 24.96, 19.23)]
    [InlineData(450_560, 28.71, 26.01, 19.23)]
    [InlineData(32_768, 28.71, 26.65, 19.23)]
    [InlineData(300_032, 198.2, 67.90, 19.23)]
    [InlineData(30_720, 61.15, 58.92, 39.93)]
    [InlineData(100_352, 61.15, 56.06, 39.93)]
    [InlineData(100_352, 61.15, 55.59, 39.93)]
    [InlineData(300_032, 61.15, 54.46, 39.93)]
    [InlineData(300_032, 61.15, 50.13, 39.93)]
    [InlineData(293_000, 61.39, 50.78, 39.93)]
    [InlineData(30_720, 46.22, 44.88, 39.93)]
    [InlineData(100_352, 46.22, 44.71, 39.93)]
    [InlineData(100_352, 46.22, 44.99, 39.93)]
    [InlineData(293_000, 46.15, 43.63, 39.93)]
    [InlineData(30_720, 22.11, 18.80, 1.653)]
    [InlineData(30_720, 1.778, 1.760, 1.653)]
    public void Predict_OfARunThatWasMade_HasItsResultInTheBand(
        long tokens, double untrained, double trained, double teacher)
    {
        var known = new LossModel(teacher, 50_000, LossCurve.Identity, Low: 1, High: 1);
        double loss = Math.Log(untrained / teacher);
        Assert.Equal(untrained, known.Predict(loss).Perplexity, 9);

        PerplexityForecast after = new ExpectedTraining(tokens, 1).Predict(known, loss)!;

        Assert.InRange(trained, after.Low, after.High);
    }

    // The band has what is not known of the plan and what is not known of training, and is wider than either.
    [Fact]
    public void Predict_OfAnUncertainPlan_IsLessCertainThanOfAKnownOne()
    {
        double Width(PerplexityForecast forecast) =>
            Math.Log(Math.Log(forecast.High / 20) / Math.Log(forecast.Low / 20));
        LossModel known = Forecast with { Low = 1, High = 1 };

        double both = Width(After(300_000));

        Assert.True(both > Width(new ExpectedTraining(300_000, 1).Predict(known, Loss)!));
        Assert.True(both > Width(Forecast.Predict(Loss)));
    }

    [Fact]
    public void Predict_OfAPlanThatLosesNothing_IsTheTeacher() =>
        Assert.Equal(20, new ExpectedTraining(300_000, 1).Predict(Forecast, 0)!.Perplexity, 9);

    [Fact]
    public void Predict_OfWhatWasNotMeasured_IsNotKnown()
    {
        var usual = new ExpectedTraining(300_000, 1);

        Assert.Null((usual with { CodedShare = 0.4 }).Predict(Forecast, Loss));
        Assert.Null((usual with { IsUsual = false }).Predict(Forecast, Loss));
        Assert.Null((usual with { IsUsual = false }).Describe(Forecast, Loss));
        Assert.Null(usual.Predict(Forecast with { Low = 1, High = 1 }, 3));
    }

    [Fact]
    public void Describe_NamesBothPredictions_TokensAndTeacher()
    {
        var known = new LossModel(20, 50_000, LossCurve.Identity, Low: 1, High: 1);

        string note = new ExpectedTraining(300_000, 1).Describe(known, Math.Log(2))!;

        Assert.StartsWith(
            "the plan predicts a perplexity of 40.00 before training and about 3", note, StringComparison.Ordinal);
        Assert.EndsWith(" after training on 300,000 tokens; the teacher has 20.00", note, StringComparison.Ordinal);
    }

    private static PerplexityForecast After(long tokens) => new ExpectedTraining(tokens, 1).Predict(Forecast, Loss)!;
}
