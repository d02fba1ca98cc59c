using Hypercompress.FineTuning;
using Hypercompress.Tests.Training;
using Hypercompress.Training;

namespace Hypercompress.Tests.FineTuning;

[NoTensorLeaks]
public sealed class FineTunerTests
{
    private static readonly TrainingTokens Tokens = TrainingTokens.Of(TinyDecoder.Text(1000, 1), TinyDecoder.Text(200, 2));

    private static readonly FineTuningOptions Options = new()
    {
        LearningRate = 0.01,
        SequenceLength = 16,
        ValidationInterval = 5,
    };

    [Fact]
    public void Run_OneEpoch_ReadsTheTextOnceAndLowersPerplexity()
    {
        using var student = TinyDecoder.Create(1);
        var tuned = new FineTuner(Options, 3).Run(new(student, TrainingHistory.Off), Tokens, TrainingWatch.None);

        Assert.Same(student, tuned.Model);
        Assert.Equal(16, tuned.History.Steps.Length);
        Assert.True(tuned.History.Validations[16].Perplexity < 0.8 * tuned.History.Validations[0].Perplexity);
    }

    [Fact]
    public void Run_BudgetBelowAnEpoch_StopsAtTheBudget()
    {
        using var student = TinyDecoder.Create(1);
        var options = Options with { Epochs = 5, TokenBudget = 100 };
        var tuned = new FineTuner(options, 3).Run(new(student, TrainingHistory.Off), Tokens, TrainingWatch.None);
        Assert.Equal(128, tuned.History.Steps[^1].Tokens);
    }

    [Fact]
    public void Run_SequenceAboveTheContext_IsCutToIt()
    {
        using var student = TinyDecoder.Create(1);
        var options = Options with { SequenceLength = 4096, BatchSize = 1, TokenBudget = 32 };
        var tuned = new FineTuner(options, 3).Run(new(student, TrainingHistory.Off), Tokens, TrainingWatch.None);
        Assert.Equal(32, tuned.History.Steps[0].Tokens);
    }

    [Fact]
    public void Run_Disabled_ReturnsTheStudentAsItIs()
    {
        using var student = TinyDecoder.Create(1);
        var tuner = new FineTuner(Options with { Enabled = false }, 3);
        var tuned = tuner.Run(new(student, TrainingHistory.Off), Tokens, TrainingWatch.None);
        Assert.Same(TrainingHistory.Off, tuned.History);
    }
}
