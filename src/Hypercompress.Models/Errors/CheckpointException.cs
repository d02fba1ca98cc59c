namespace Hypercompress.Models.Errors;

/// <summary>An input file that is missing, unreadable, corrupt or of an unsupported kind.</summary>
public sealed class CheckpointException : HypercompressException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="file">Path of the file that could not be used.</param>
    /// <param name="problem">What was expected and what was found (tensor, key, offset), and what to do.</param>
    /// <param name="inner">The cause, when there is one.</param>
    public CheckpointException(string file, string problem, Exception? inner = null)
        : base($"{file}: {problem}", inner) => File = file;

    /// <summary>Path of the file that could not be used.</summary>
    public string File { get; }

    /// <inheritdoc/>
    public override int ExitCode => 3;
}
