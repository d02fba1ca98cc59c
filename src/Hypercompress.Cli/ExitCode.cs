namespace Hypercompress.Cli;

/// <summary>The exit codes of the program.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>A defect of the program.</summary>
    Defect = 1,

    /// <summary>Wrong usage or configuration.</summary>
    Usage = 2,

    /// <summary>Unreadable or corrupt input.</summary>
    Input = 3,

    /// <summary>The target cannot be reached.</summary>
    Target = 4,

    /// <summary>Out of memory ceiling or disk.</summary>
    Resources = 5,

    /// <summary>Numerical failure.</summary>
    Numerical = 6,

    /// <summary>Verification failed.</summary>
    Verification = 7,

    /// <summary>Stopped by the user; the same command may be given again.</summary>
    Stopped = 75,
}
