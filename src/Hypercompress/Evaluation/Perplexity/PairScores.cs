using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>The scores of two models over a text, and the distance between them, window by window.</summary>
/// <param name="text">The text.</param>
/// <param name="options">What is measured.</param>
internal sealed class PairScores(EvaluationText text, EvaluationOptions options)
{
    private readonly WindowScores _teacher = new(text, options, "teacher");
    private readonly WindowScores _student = new(text, options, "student");
    private readonly MeanEstimate _divergence = new();
    private readonly MeanEstimate _agreement = new();
    private readonly MeanEstimate _difference = new();
    private readonly MeanEstimate _squaredProbability = new();
    private readonly List<float> _allDivergences = [];
    private readonly List<double> _divergences = [];
    private readonly List<double> _agreed = [];

    /// <summary>The numbers of the window that is being scored, one for each target.</summary>
    public IReadOnlyList<List<double>> Pending =>
        [.. _teacher.Pending, .. _student.Pending, _divergences, _agreed];

    /// <summary>Scores some positions of the current window.</summary>
    /// <param name="teacher">Log-probabilities, float32 [count, vocabulary].</param>
    /// <param name="student">Log-probabilities, float32 [count, vocabulary].</param>
    /// <param name="targets">The tokens that came, int64 [count].</param>
    public void Score(Tensor teacher, Tensor student, Tensor targets)
    {
        using var scope = NewDisposeScope();
        Tensor agreed = _teacher.Score(teacher, targets).eq(_student.Score(student, targets)).to(ScalarType.Float64);
        Tensor divergence = (teacher.exp() * (teacher - student)).sum(1, type: ScalarType.Float64);
        _agreed.AddRange(agreed.cpu().data<double>().ToArray());
        _divergences.AddRange(divergence.cpu().data<double>().ToArray());
    }

    /// <summary>Ends a window.</summary>
    /// <param name="number">1-based number of the window, for messages.</param>
    /// <returns>The divergence at each of its targets, nats.</returns>
    /// <exception cref="NumericalException">A loss or a divergence is NaN or infinite.</exception>
    public double[] EndWindow(int number)
    {
        double[] teacher = _teacher.EndWindow(number);
        double[] student = _student.EndWindow(number);
        if (_divergences.Exists(value => !double.IsFinite(value)))
        {
            throw new NumericalException(
                $"{text.File}, window {number}: the divergence of the student from the teacher is not finite; "
                + "one of them gives a token no probability at all");
        }

        double[] divergences = [.. _divergences];
        _divergence.AddWindow(divergences);
        _allDivergences.AddRange(divergences.Select(value => (float)value));
        _agreement.AddWindow([.. _agreed]);
        _difference.AddWindow([.. student.Zip(teacher, (ofStudent, ofTeacher) => ofStudent - ofTeacher)]);
        _squaredProbability.AddWindow(
        [
            .. student.Zip(
                teacher, (ofStudent, ofTeacher) => Math.Pow(Math.Exp(-ofStudent) - Math.Exp(-ofTeacher), 2)),
        ]);
        _divergences.Clear();
        _agreed.Clear();
        return divergences;
    }

    /// <summary>The scores and distances over all windows.</summary>
    public ComparisonResult Result() => new(
        _teacher.Result(),
        _student.Result(),
        _divergence.Mean,
        _divergence.StandardError,
        _agreement.Mean,
        _agreement.StandardError,
        _difference.Mean,
        _difference.StandardError)
    {
        Quantiles = DivergenceQuantiles.Of(_allDivergences),
        ProbabilityDifference = RootMeanSquare,
        ProbabilityDifferenceStandardError =
            RootMeanSquare > 0 ? _squaredProbability.StandardError / (2 * RootMeanSquare) : 0,
    };

    private double RootMeanSquare => Math.Sqrt(_squaredProbability.Mean);
}
