using System.Reflection;
using System.Runtime.InteropServices;

namespace Hypercompress.Reporting;

/// <summary>Program, machine and seed of a run.</summary>
/// <param name="Tool">Name and version of the program.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Threads">CPU threads of one tensor operation.</param>
/// <param name="Processors">Processors that the process may use.</param>
/// <param name="System">Operating system and processor architecture.</param>
/// <param name="Runtime">Version of .NET.</param>
public sealed record ConditionsReport(
    string Tool, long Seed, int Threads, int Processors, string System, string Runtime)
{
    /// <summary>The conditions of this process.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="threads">CPU threads of one tensor operation.</param>
    /// <returns>The conditions.</returns>
    public static ConditionsReport Here(long seed, int threads) => new(
        $"hypercompress {Version()}",
        seed,
        threads,
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
        RuntimeInformation.FrameworkDescription);

    private static string Version() =>
        typeof(ConditionsReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
}
