using System.CommandLine;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Cli.Options;

/// <summary>The option <c>--threads</c>.</summary>
internal static class ThreadsOption
{
    private const string Name = "--threads";
    private const int Most = 1024;

    /// <summary>Creates it.</summary>
    /// <returns>The option.</returns>
    public static Option<int?> Create() => new(Name)
    {
        Description = "CPU threads, 1 to 1024 [default: one per core]",
        HelpName = "N",
    };

    /// <summary>Checks the number.</summary>
    /// <param name="threads">1 to 1024, or null for one per processor.</param>
    /// <returns>The number of threads.</returns>
    /// <exception cref="ConfigurationException">The number is out of range.</exception>
    public static int Read(int? threads) => OptionRange.Within(Name, threads ?? Environment.ProcessorCount, 1, Most);

    /// <summary>Sets the threads of libtorch in this process.</summary>
    /// <param name="threads">1 to 1024, or null for one per processor.</param>
    /// <exception cref="ConfigurationException">The number is out of range.</exception>
    public static void Apply(int? threads) => torch.set_num_threads(Read(threads));
}
