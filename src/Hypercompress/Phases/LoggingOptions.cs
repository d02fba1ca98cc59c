using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Phases;

/// <summary>The section <c>logging</c>.</summary>
public sealed record LoggingOptions
{
    /// <summary>The lowest level of messages that are written.</summary>
    /// <value><c>debug</c>, <c>info</c>, <c>warning</c> or <c>error</c>. The default is <c>info</c>.</value>
    [AllowedValues("debug", "info", "warning", "error")]
    public string Level { get; init; } = "info";

    /// <summary>
    /// Folder for an event file with the run's curves, for TensorBoard; relative paths start at
    /// the working directory.
    /// </summary>
    /// <value>The default is none.</value>
    public string? Tensorboard { get; init; }
}
