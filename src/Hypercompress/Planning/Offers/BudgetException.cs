using Hypercompress.Models.Errors;

namespace Hypercompress.Planning.Offers;

/// <summary>The asked size cannot be met.</summary>
public sealed class BudgetException : HypercompressException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">The size that was asked for, why it cannot be met, and the nearest size that can.</param>
    /// <param name="askedRatio">The compression ratio that was asked for.</param>
    /// <param name="nearestRatio">The nearest reachable compression ratio.</param>
    public BudgetException(string message, double askedRatio, double nearestRatio)
        : base(message) => (AskedRatio, NearestRatio) = (askedRatio, nearestRatio);

    /// <summary>The compression ratio that was asked for: teacher bytes / student bytes.</summary>
    public double AskedRatio { get; }

    /// <summary>The nearest compression ratio that can be reached.</summary>
    public double NearestRatio { get; }

    /// <inheritdoc/>
    public override int ExitCode => 4;
}
