namespace Hypercompress.Cli.Tests.Processes;

/// <summary>What became of processes that a launcher started.</summary>
/// <param name="ExitCode">Of the launcher.</param>
/// <param name="Messages">All that was written, by the launcher too.</param>
internal sealed record Launched(int ExitCode, string Messages);
