namespace Hypercompress.Planning.Offers;

/// <summary>
/// The measured loss of an error: J is the loss to second order, and two measurements of the model's own loss, at a
/// mild and
/// at a harsh error, calibrate it. Below the mild one the loss is in proportion to J, above it a power of J through
/// both.
/// </summary>
/// <param name="MildError">The smaller J, nats per token; positive.</param>
/// <param name="MildLoss">Loss that was measured at it, nats per token; positive.</param>
/// <param name="HarshError">The larger J; equal to <paramref name="MildError"/> when there is one measurement.</param>
/// <param name="HarshLoss">Loss that was measured at it.</param>
public sealed record LossCurve(double MildError, double MildLoss, double HarshError, double HarshLoss)
{
    // Beyond these a fit says more about the few tokens it was made on than about the model.
    private const double LeastExponent = 0.5;
    private const double MostExponent = 2.5;
    private const double Indistinct = 1.2;

    /// <summary>The loss is J.</summary>
    public static LossCurve Identity { get; } = Proportional(1);

    private double Exponent => HarshError < Indistinct * MildError
        ? 1
        : Math.Clamp(Math.Log(HarshLoss / MildLoss) / Math.Log(HarshError / MildError), LeastExponent, MostExponent);

    /// <summary>The loss is J times a number.</summary>
    /// <param name="slope">Positive.</param>
    /// <returns>The curve.</returns>
    public static LossCurve Proportional(double slope) => new(1, slope, 1, slope);

    /// <summary>A curve through the measurements that can be used.</summary>
    /// <param name="mild">Error and loss of the milder one.</param>
    /// <param name="harsh">Error and loss of the harsher one.</param>
    /// <returns>
    /// The curve; through one of them when the other is not positive, and <see cref="Identity"/> when neither is.
    /// </returns>
    public static LossCurve Through(LossPoint mild, LossPoint harsh) =>
        (mild.IsUsable, harsh.IsUsable) switch
        {
            (true, true) => new LossCurve(mild.Error, mild.Loss, harsh.Error, harsh.Loss),
            (true, false) => Proportional(mild.Loss / mild.Error),
            (false, true) => Proportional(harsh.Loss / harsh.Error),
            _ => Identity,
        };

    /// <summary>The predicted loss of an error; it grows with the error.</summary>
    /// <param name="error">J, nats per token; not negative.</param>
    /// <returns>Nats per token.</returns>
    public double Loss(double error) => error <= MildError
        ? MildLoss * (error / MildError)
        : MildLoss * Math.Pow(error / MildError, Exponent);
}
