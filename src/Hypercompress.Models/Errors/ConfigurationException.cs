namespace Hypercompress.Models.Errors;

/// <summary>Wrong usage or configuration: an unknown key, a value out of range, options that exclude each
/// other.</summary>
/// <param name="message">Which setting, the value it has, and what it may be.</param>
/// <param name="inner">The cause, when there is one.</param>
public sealed class ConfigurationException(string message, Exception? inner = null)
    : HypercompressException(message, inner)
{
    /// <inheritdoc/>
    public override int ExitCode => 2;
}
