namespace Hypercompress.Planning.Offers;

/// <summary>A measurement of a damaged model.</summary>
/// <param name="Error">J of the damage, nats per token.</param>
/// <param name="Loss">Measured loss above the undamaged model's, nats per token.</param>
public readonly record struct LossPoint(double Error, double Loss)
{
    /// <summary>Whether a curve can go through it: both values are positive and finite.</summary>
    internal bool IsUsable => double.IsFinite(Error) && double.IsFinite(Loss) && Error > 0 && Loss > 0;
}
