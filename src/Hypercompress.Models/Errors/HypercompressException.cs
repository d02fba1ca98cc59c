namespace Hypercompress.Models.Errors;

/// <summary>A failure that the user can act on: its message names what was met and the remedy.</summary>
public abstract class HypercompressException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What was found, where, and what to do about it.</param>
    /// <param name="inner">The cause, when there is one.</param>
    protected HypercompressException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The process exit code that scripts see.</summary>
    public abstract int ExitCode { get; }
}
