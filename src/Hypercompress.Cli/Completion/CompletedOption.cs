using System.Collections.Immutable;

namespace Hypercompress.Cli.Completion;

/// <summary>An option as shells complete it.</summary>
/// <param name="Names">How it may be typed, such as <c>--help</c> and <c>-h</c>.</param>
/// <param name="Description">What it does, in one line.</param>
/// <param name="TakesValue">Whether a value follows.</param>
/// <param name="Values">The values that there are; empty when any may follow, a file for instance.</param>
internal sealed record CompletedOption(
    ImmutableArray<string> Names, string Description, bool TakesValue, ImmutableArray<string> Values);
