using System.Reflection;
using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli;

/// <summary>The message and exit code with which an exception is reported to the user.</summary>
/// <param name="Message">What happened and what to do.</param>
/// <param name="ExitCode">The exit code.</param>
internal sealed record Failure(string Message, int ExitCode)
{
    /// <summary>Explains an exception.</summary>
    /// <param name="exception">Anything that reached the command line.</param>
    /// <param name="stopNotice">What a stopped command says; null for the usual.</param>
    /// <returns>The failure.</returns>
    public static Failure Explain(Exception exception, string? stopNotice = null) => exception switch
    {
        AggregateException { InnerExceptions.Count: > 0 } many => Explain(many.InnerExceptions[0], stopNotice),
        TypeInitializationException { InnerException: { } cause } => Explain(cause, stopNotice),
        TargetInvocationException { InnerException: { } cause } => Explain(cause, stopNotice),
        HypercompressException known => new(known.Message, known.ExitCode),
        OperationCanceledException => Stopped(stopNotice),
        OutOfMemoryException memory => new($"out of memory: {memory.Message}", (int)Cli.ExitCode.Resources),
        ExternalException native when native.Message.Contains("allocate memory", StringComparison.Ordinal) => new(
            "out of memory: lower evaluation.window, data.sequence_length or data.calibration_tokens",
            (int)Cli.ExitCode.Resources),
        ExternalException native when native.Message.Contains("bad_alloc", StringComparison.Ordinal) => new(
            "out of memory: the process may not take more; look at its limits (ulimit -v, container)",
            (int)Cli.ExitCode.Resources),
        DllNotFoundException or BadImageFormatException or ThreadStartException => LimitOfTheSystem(exception.Message),
        NotSupportedException missing when missing.Message.Contains("LibTorchSharp", StringComparison.Ordinal) =>
            LimitOfTheSystem("libtorch cannot be loaded"),
        UnauthorizedAccessException access => new(access.Message, (int)Cli.ExitCode.Resources),
        IOException io => new(io.Message, (int)Cli.ExitCode.Resources),
        _ => new(
            "this is a defect of the program; please report it together with the command line "
            + $"({exception.GetType().Name}: {exception.Message} at {FirstFrame(exception)})",
            (int)Cli.ExitCode.Defect),
    };

    /// <summary>A command was stopped.</summary>
    /// <param name="notice">What it says; null for the usual.</param>
    /// <returns>The failure.</returns>
    public static Failure Stopped(string? notice) => new(
        notice ?? "stopped; no incomplete files were left; run the same command again to start over",
        (int)Cli.ExitCode.Stopped);

    /// <summary>The program could not load all its parts.</summary>
    /// <param name="problem">What the system said.</param>
    /// <returns>The failure.</returns>
    public static Failure LimitOfTheSystem(string problem) => new(
        $"the program cannot start: {problem.ReplaceLineEndings(" ").Trim()}; raise the limits of memory, threads and "
            + $"open files (ulimit -a)",
        (int)Cli.ExitCode.Resources);

    private static string FirstFrame(Exception exception) =>
        exception.StackTrace?.Split('\n')
            .FirstOrDefault(line => line.Contains("Hypercompress", StringComparison.Ordinal))?.Trim()
        ?? "an unknown place";
}
