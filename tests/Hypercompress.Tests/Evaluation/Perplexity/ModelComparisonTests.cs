using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Tests.Evaluation.Perplexity;

[NoTensorLeaks]
public sealed class ModelComparisonTests
{
    private static readonly float[,] Even = new float[2, 2];
    private static readonly float[,] Skewed = { { MathF.Log(3), 0 }, { 0, 0 } };

    [Fact]
    public void Compare_KnownTables_GivesDivergenceAgreementAndPairedDifference()
    {
        using DecoderModel teacher = TableModel.Create(Skewed);
        using DecoderModel student = TableModel.Create(Even);
        var text = new EvaluationText("text.txt", new[] { 0, 0, 0, 1, 1, 1 });
        ComparisonResult result = new ModelComparison(new() { Window = 2 }).Compare(teacher, student, text);

        // Pairs 0→0, 0→1, 1→1: after 0 the teacher says 3/4 and 1/4, all else is 1/2.
        double kl = (0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5));
        double[] divergences = [kl, kl, 0];
        double[] differences = [Math.Log(2) + Math.Log(0.75), Math.Log(2) + Math.Log(0.25), 0];
        Assert.Equal(divergences.Average(), result.Divergence, 1e-6);
        Assert.Equal(StandardError(divergences), result.DivergenceStandardError, 1e-6);
        Assert.Equal(differences.Average(), result.LossDifference, 1e-6);
        Assert.Equal(StandardError(differences), result.LossDifferenceStandardError, 1e-6);
        Assert.Equal(
            result.Student.NegativeLogLikelihood - result.Teacher.NegativeLogLikelihood, result.LossDifference, 1e-9);
        Assert.Equal(2, result.Student.Perplexity, 1e-5);
        Assert.Equal(1, result.Agreement, 1e-9);
        Assert.Equal(kl, result.Quantiles!.Median, 1e-6);
        Assert.Equal(kl, result.Quantiles.Maximum, 1e-6);
        double[] changes = [0.25 * 0.25, 0.25 * 0.25, 0];
        double rms = Math.Sqrt(changes.Average());
        Assert.Equal(rms, result.ProbabilityDifference!.Value, 1e-6);
        Assert.Equal(
            StandardError(changes) / (2 * rms), result.ProbabilityDifferenceStandardError!.Value, 1e-6);
    }

    [Fact]
    public void Compare_ModelWithItself_FindsNoDifference()
    {
        using DecoderModel model = TableModel.Create(Skewed);
        ComparisonResult result = new ModelComparison(new()).Compare(
            model, model, new EvaluationText("text.txt", new[] { 0, 1, 0, 0 }));
        Assert.Equal(
            (0, 0, 1, 0),
            (result.Divergence, result.LossDifference, result.Agreement, result.LossDifferenceStandardError));
        Assert.Equal(new DivergenceQuantiles(0, 0, 0, 0), result.Quantiles);
        Assert.Equal((0, 0), (result.ProbabilityDifference, result.ProbabilityDifferenceStandardError));
    }

    [Fact]
    public void Compare_SameScoresAsAlone()
    {
        using DecoderModel teacher = TableModel.Create(Skewed);
        using DecoderModel student = TableModel.Create(Even);
        var text = new EvaluationText("text.txt", new[] { 0, 1, 0, 0, 1, 0, 1, 1 });
        var options = new EvaluationOptions { Window = 3, Convention = "sliding" };
        ComparisonResult both = new ModelComparison(options).Compare(teacher, student, text);
        Assert.Equal(new PerplexityEvaluator(options).Evaluate(teacher, text), both.Teacher);
        Assert.Equal(new PerplexityEvaluator(options).Evaluate(student, text), both.Student);
    }

    [Fact]
    public void Compare_OtherVocabulary_IsRefused()
    {
        using DecoderModel teacher = TableModel.Create(new float[4, 4]);
        using DecoderModel student = TableModel.Create(Even);
        ConfigurationException fault = Assert.Throws<ConfigurationException>(
            () => new ModelComparison(new()).Compare(teacher, student, new EvaluationText("t", new[] { 0, 1 })));
        Assert.Contains("4 tokens, that of the student 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_StudentWithoutNumbers_NamesTheStudent()
    {
        using DecoderModel teacher = TableModel.Create(Even);
        using DecoderModel student = TableModel.Create(new[,] { { float.PositiveInfinity, 0 }, { 0, 0 } });
        NumericalException fault = Assert.Throws<NumericalException>(
            () => new ModelComparison(new()).Compare(teacher, student, new EvaluationText("t", new[] { 0, 1 })));
        Assert.Contains("student", fault.Message, StringComparison.Ordinal);
    }

    private static double StandardError(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
    }
}
