namespace Hypercompress.Planning.Offers;

/// <summary>
/// How the losses that a plan predicts for its sites become a perplexity of the whole model, before any training.
/// </summary>
/// <param name="TeacherPerplexity">The teacher's perplexity on the text in question.</param>
/// <param name="VocabularySize">Size of the vocabulary: a model that has learned nothing has that perplexity.</param>
/// <param name="Curve">Loss of the whole model by the sum of the sites' losses.</param>
/// <param name="Low">Lower end of the band, as a share of that loss.</param>
/// <param name="High">Upper end of the band, as a share of that loss.</param>
public sealed record LossModel(
    double TeacherPerplexity, long VocabularySize, LossCurve Curve, double Low, double High)
{
    // Ratio of measured losses to those that second order predicts (docs/experiments.md): 1.4 to 2.2 for rounding, up
    // to 2.6 for low rank.
    private const double UsualSlope = 1.8;
    private const double LeastSlope = 1;
    private const double MostSlope = 2.6;

    // A measured curve is met again on other text, between its points and after merging, to within this share.
    private const double MeasuredSpread = 0.25;

    // Trial compressions are made all at once. In order, TinyStories-656K lost 0.6 to 0.85 of what they predict, and
    // SmolLM2-135M all of it.
    private const double InOrder = 0.8;

    // Both levels of damage are far above what plans cost where the milder one loses this much, in nats per token.
    private const double MostMildLoss = 0.3;

    private const double StandardErrors = 2;

    /// <summary>Whether all numbers are positive and finite.</summary>
    internal bool IsUsable => VocabularySize > 0
        && ((ReadOnlySpan<double>)
        [
            TeacherPerplexity, Low, High, Curve.MildError, Curve.MildLoss, Curve.HarshError, Curve.HarshLoss,
        ]).IndexOfAnyExceptInRange(double.Epsilon, double.MaxValue) < 0;

    /// <summary>
    /// A forecast without any measurement of a damaged model, by the usual error of the second order.
    /// </summary>
    /// <param name="teacherPerplexity">The teacher's perplexity.</param>
    /// <param name="vocabularySize">Size of the vocabulary.</param>
    /// <returns>The forecast, with a wide band.</returns>
    public static LossModel Unmeasured(double teacherPerplexity, long vocabularySize) => new(
        teacherPerplexity,
        vocabularySize,
        LossCurve.Proportional(UsualSlope),
        LeastSlope / UsualSlope,
        MostSlope / UsualSlope);

    /// <summary>A forecast from measurements of damaged models.</summary>
    /// <param name="teacherPerplexity">The teacher's perplexity.</param>
    /// <param name="vocabularySize">Size of the vocabulary.</param>
    /// <param name="curve">Measured loss by the sum of the sites' losses.</param>
    /// <param name="relativeError">Standard error of the measured losses, as a share of them.</param>
    /// <returns>The forecast.</returns>
    public static LossModel Measured(
        double teacherPerplexity, long vocabularySize, LossCurve curve, double relativeError)
    {
        double spread = MeasuredSpread + (StandardErrors * Math.Min(1, relativeError));
        return new LossModel(teacherPerplexity, vocabularySize, curve, InOrder / (1 + spread), 1 + spread);
    }

    /// <summary>Predicts.</summary>
    /// <remarks>
    /// Below a milder level that itself loses far more than plans do, the loss lies somewhere between in proportion to
    /// the error and to its square.
    /// </remarks>
    /// <param name="loss">Sum of the sites' losses, nats per token.</param>
    /// <returns>The prediction, at most <see cref="VocabularySize"/> or the teacher's perplexity.</returns>
    public PerplexityForecast Predict(double loss)
    {
        double ceiling = Math.Max(TeacherPerplexity, VocabularySize);
        double whole = Curve.Loss(loss);
        double square = SquareShare(whole);
        double At(double share) => Math.Min(ceiling, TeacherPerplexity * Math.Exp(share * whole));
        return new PerplexityForecast(At(Math.Sqrt(square)), At(Low * square), At(High));
    }

    // The share of a loss in proportion to the error that is left where it goes by the square.
    private double SquareShare(double whole) =>
        Curve.MildLoss > MostMildLoss && Curve.MildError < Curve.HarshError ? Math.Min(1, whole / Curve.MildLoss) : 1;
}
