using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;

namespace Hypercompress.Tests.Planning.Outlook;

public sealed class ExpectedTrainingTests
{
    private static readonly LossModel Forecast = LossModel.Unmeasured(20, 50_000);

    [Fact]
    public void Predict_IsBetweenTheTeacherAndThePlan()
    {
        PerplexityForecast before = Forecast.Predict(0.2);

        PerplexityForecast after = new ExpectedTraining(300_000, 1, MovesLevels: false).Predict(Forecast, 0.2)!;

        Assert.InRange(after.Perplexity, Forecast.TeacherPerplexity, before.Perplexity);
        Assert.InRange(after.Low, Forecast.TeacherPerplexity, before.Low);
        Assert.InRange(after.High, after.Perplexity, before.High);
        Assert.InRange(after.Low, 0, after.Perplexity);
    }

    [Fact]
    public void Predict_MoreTokensAndLevels_ComeNearerToTheTeacher()
    {
        double After(double tokens, bool levels) =>
            new ExpectedTraining(tokens, 1, levels).Predict(Forecast, 0.2)!.Perplexity;

        Assert.True(After(300_000, false) < After(30_000, false));
        Assert.True(After(300_000, true) < After(300_000, false));
        Assert.Equal(After(300_000, true), After(3_000_000, true), 9);
    }

    // SmolLM2-135M-Instruct at 8×, 300,032 tokens: 28.71 before training, 24.96 after (bench/results).
    [Fact]
    public void Predict_OfARunThatWasMade_HasItsResultInTheBand()
    {
        LossModel forecast = Forecast with { TeacherPerplexity = 19.23, Low = 1, High = 1 };
        double loss = Math.Log(28.71 / 19.23) / 1.8;
        Assert.Equal(28.71, forecast.Predict(loss).Perplexity, 2);

        PerplexityForecast after = new ExpectedTraining(300_032, 1, MovesLevels: false).Predict(forecast, loss)!;

        Assert.InRange(24.96, after.Low, after.High);
    }

    [Fact]
    public void Predict_OfOtherForms_IsNotKnown() =>
        Assert.Null(new ExpectedTraining(300_000, 0.4, MovesLevels: false).Predict(Forecast, 0.2));
}
