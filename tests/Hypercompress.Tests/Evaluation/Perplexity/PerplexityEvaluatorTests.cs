using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Tests.Evaluation.Perplexity;

[NoTensorLeaks]
public sealed class PerplexityEvaluatorTests
{
    private static readonly float Two = MathF.Log(2);
    private static readonly float Four = MathF.Log(4);

    // Logits are logarithms of weights: after 0 the chances are 1/4 each; after 1: 2/5, 1/5, 1/5, 1/5; after 2: 4/7
    // for 3.
    private static readonly float[,] Table =
    {
        { 0, 0, 0, 0 },
        { Two, 0, 0, 0 },
        { 0, 0, 0, Four },
        { 0, Two, 0, 0 },
    };

    [Fact]
    public void Evaluate_PaperConvention_IsTheMeanOverWholeWindows()
    {
        using DecoderModel model = TableModel.Create(Table);
        PerplexityResult result = Evaluate(model, [1, 0, 2, 2, 3, 1, 0, 0], new() { Window = 3 });

        // Windows [1 0 2] and [2 3 1]; the last two tokens are dropped.
        double first = -(Math.Log(2.0 / 5) + Math.Log(1.0 / 4)) / 2;
        double second = -(Math.Log(4.0 / 7) + Math.Log(2.0 / 5)) / 2;
        double mean = (first + second) / 2;
        Assert.Equal(4, result.Tokens);
        Assert.Equal(mean, result.NegativeLogLikelihood, 1e-6);
        Assert.Equal(Math.Exp(mean), result.Perplexity, 1e-5);
        Assert.Equal(Math.Abs(first - second) / 2, result.StandardError, 1e-6);
        Assert.Equal(result.Perplexity * result.StandardError, result.PerplexityStandardError, 1e-9);
        Assert.Equal(3.0 / 4, result.Accuracy, 1e-9);
        Assert.Equal(("text.txt", "paper", 3), (result.File, result.Convention, result.Window));
    }

    [Fact]
    public void Evaluate_SlidingConvention_ScoresEveryTokenButTheFirst()
    {
        using DecoderModel model = TableModel.Create(Table);
        PerplexityResult result = Evaluate(
            model, [1, 0, 2, 2, 3, 1, 0, 0], new() { Convention = "sliding", Window = 3, Stride = 2 });

        double[] chances = [2.0 / 5, 1.0 / 4, 1.0 / 7, 4.0 / 7, 2.0 / 5, 2.0 / 5, 1.0 / 4];
        Assert.Equal(7, result.Tokens);
        Assert.Equal(-chances.Sum(Math.Log) / 7, result.NegativeLogLikelihood, 1e-6);
    }

    [Fact]
    public void Evaluate_OneWindow_TakesTokensAsSamples()
    {
        using DecoderModel model = TableModel.Create(Table);
        PerplexityResult result = Evaluate(model, [1, 0, 2], new());
        (double first, double second) = (-Math.Log(2.0 / 5), -Math.Log(1.0 / 4));
        Assert.Equal(Math.Abs(first - second) / 2, result.StandardError, 1e-6);
        Assert.Equal(0, Evaluate(model, [1, 0], new()).StandardError);
    }

    [Fact]
    public void Evaluate_LongWindow_IsScoredInPartsWithTheSameResult()
    {
        using DecoderModel model = TableModel.Create(Table);
        int[] ids = [.. Enumerable.Range(0, 1200).Select(i => (i * 7 / 3) % 4)];
        double[] chances =
        [
            .. ids.Skip(1).Zip(ids, (next, before) => Math.Exp(Table[before, next])
                / Enumerable.Range(0, 4).Sum(any => Math.Exp(Table[before, any]))),
        ];
        PerplexityResult result = Evaluate(model, ids, new());
        Assert.Equal(1199, result.Tokens);
        Assert.Equal(-chances.Average(Math.Log), result.NegativeLogLikelihood, 1e-6);
    }

    [Fact]
    public void Evaluate_LossWhosePerplexityIsInfinite_NamesTheText()
    {
        float[,] sure = { { 0, 1000 }, { 1000, 0 } };
        using DecoderModel model = TableModel.Create(sure);
        var fault = Assert.Throws<NumericalException>(() => Evaluate(model, [0, 0, 0, 1, 1, 1], new()));
        Assert.StartsWith("text.txt: the mean loss of the model is ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_WindowBeyondTheModel_IsShortened()
    {
        using DecoderModel model = TableModel.Create(Table, maxPositions: 3);
        PerplexityResult result = Evaluate(model, [1, 0, 2, 2, 3, 1, 0, 0], new());
        Assert.Equal((3, 4L), (result.Window, result.Tokens));
    }

    [Fact]
    public void Evaluate_Twice_GivesTheSameBits()
    {
        using DecoderModel model = TableModel.Create(Table);
        int[] ids = [.. Enumerable.Range(0, 500).Select(i => i * i % 4)];
        Assert.Equal(Evaluate(model, ids, new() { Window = 64 }), Evaluate(model, ids, new() { Window = 64 }));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public void Evaluate_ForeignToken_NamesFileAndToken(int id)
    {
        using DecoderModel model = TableModel.Create(Table);
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Evaluate(model, [0, id], new()));
        Assert.Contains(
            $"text.txt: holds the token id {id}, those of the model are 0 to 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_EmptyText_NamesTheFile()
    {
        using DecoderModel model = TableModel.Create(Table);
        CheckpointException fault = Assert.Throws<CheckpointException>(() => Evaluate(model, [], new()));
        Assert.StartsWith("text.txt", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_BrokenWeights_NamesTheWindow()
    {
        var broken = (float[,])Table.Clone();
        broken[3, 0] = float.NaN;
        using DecoderModel model = TableModel.Create(broken);

        // NaN times zero is NaN: it shows at once, whatever the token.
        NumericalException fault =
            Assert.Throws<NumericalException>(() => Evaluate(model, [0, 1, 2, 3], new() { Window = 2 }));
        Assert.Contains("text.txt, window 1", fault.Message, StringComparison.Ordinal);
        Assert.Equal(6, fault.ExitCode);
    }

    [Fact]
    public void Evaluate_Cancelled_Stops()
    {
        using DecoderModel model = TableModel.Create(Table);
        using var source = new CancellationTokenSource();
        var seen = new List<EvaluationProgress>();
        var progress = new Callback(step =>
        {
            seen.Add(step);
            source.Cancel();
        });
        var text = new EvaluationText("text.txt", new[] { 0, 1, 2, 3 });
        Assert.Throws<OperationCanceledException>(
            () => new PerplexityEvaluator(new() { Window = 2 }).Evaluate(model, text, progress, source.Token));
        Assert.Equal([new EvaluationProgress("text.txt", "windows", 1, 2)], seen);
    }

    private static PerplexityResult Evaluate(DecoderModel model, int[] ids, EvaluationOptions options) =>
        new PerplexityEvaluator(options).Evaluate(model, new EvaluationText("text.txt", ids));

    private sealed class Callback(Action<EvaluationProgress> action) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => action(value);
    }
}
