namespace Hypercompress.Models.Errors;

/// <summary>NaN, infinity, or a factorization that does not exist even after damping.</summary>
/// <param name="message">Phase, site and step, the value met, and what to do.</param>
/// <param name="inner">The cause, when there is one.</param>
public sealed class NumericalException(string message, Exception? inner = null)
    : HypercompressException(message, inner)
{
    /// <inheritdoc/>
    public override int ExitCode => 6;
}
