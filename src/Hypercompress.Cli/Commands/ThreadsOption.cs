using System.CommandLine;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Cli.Commands;

/// <summary>The option <c>--threads</c>.</summary>
internal static class ThreadsOption
{
    /// <summary>Creates it.</summary>
    /// <returns>The option.</returns>
    public static Option<int?> Create() => new("--threads") { Description = "CPU threads", HelpName = "N" };

    /// <summary>Sets the threads of this process's computations.</summary>
    /// <param name="threads">At least 1, or null for one per processor.</param>
    /// <exception cref="ConfigurationException">Less than 1.</exception>
    public static void Apply(int? threads)
    {
        if (threads < 1)
        {
            throw new ConfigurationException($"--threads {threads}: must be at least 1");
        }

        torch.set_num_threads(threads ?? Environment.ProcessorCount);
    }
}
