using Hypercompress.Branches.Registry;
using Hypercompress.Phases;

namespace Hypercompress.Tests.Pipeline;

/// <summary>What a run says before its first phase.</summary>
public sealed class ExpectedRunTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private const string Undecided = "distillation.enabled=null";

    [Theory]
    [InlineData("self", true)]
    [InlineData("gguf", false)]
    [InlineData("onnx", false)]
    [InlineData("hf", false)]
    public void Forecast_NamesTraining_WhereTheRuntimesMatricesTrain(string runtime, bool trains)
    {
        RunForecast forecast = Forecast(Undecided, $"targets.runtime={runtime}", "targets.compression_ratio=1.7");

        Assert.Equal(trains, forecast.TrainingSeconds > 0);
        Assert.Equal(trains, forecast.TrainingPeakBytes > forecast.PeakBytes);
    }

    [Fact]
    public void Forecast_NamesTraining_ThatTheConfigurationAsksFor() =>
        Assert.True(Forecast(
            "distillation.enabled=true", "targets.runtime=gguf", "targets.compression_ratio=1.7").TrainingSeconds > 0);

    // 128 sequences of 64 tokens, 32 at a time, in two layers.
    [Fact]
    public void Forecast_CountsTheTextThatTheModelWrites()
    {
        double given = Forecast("data.calibration_tokens=8192").Seconds;
        double written = Forecast("data.calibration_tokens=8192", "data.calibration=[]").Seconds;

        Assert.InRange(written - given, 0.5, 60);
    }

    private RunForecast Forecast(params string[] settings)
    {
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver(onStart: _ => stop.Cancel());

        Assert.ThrowsAny<OperationCanceledException>(() => tiny.Compress(
            new BranchRegistry(), $"expected-{Guid.NewGuid():N}", [observer], statistics: null, stop.Token, settings));

        return observer.Forecast!;
    }
}
