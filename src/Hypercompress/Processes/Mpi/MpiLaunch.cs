using System.Globalization;
using Hypercompress.Models.Errors;

namespace Hypercompress.Processes.Mpi;

/// <summary>Finds out whether the process is one of several that a launcher of MPI programs started.</summary>
public static class MpiLaunch
{
    private const string OpenMpiSize = "OMPI_COMM_WORLD_SIZE";
    private const string MpichSize = "PMI_SIZE";
    private const string SlurmSize = "SLURM_NTASKS";

    // Set by srun for programs that it starts as one MPI program, and only for them.
    private static readonly string[] SlurmMpi = ["PMIX_RANK", "PMI_RANK"];

    private static readonly string[] Ranks = ["OMPI_COMM_WORLD_RANK", .. SlurmMpi];

    /// <summary>
    /// Whether this is the process that speaks for all of a launcher; known without joining them, and true without a
    /// launcher.
    /// </summary>
    public static bool IsFirst => RankIn(Environment.GetEnvironmentVariable) == 0;

    /// <summary>Joins the processes of the launcher. No MPI library is loaded where there is no launcher.</summary>
    /// <returns>The processes, to be disposed at the end of the work; not after a fault, which calls for
    /// <see cref="IProcessGroup.Abort"/>.</returns>
    /// <exception cref="ConfigurationException">
    /// There is no MPI library, or it is not the one of the launcher.
    /// </exception>
    public static IProcessGroup Join() => Join(Environment.GetEnvironmentVariable);

    /// <summary>Joins the processes of the launcher that some variables tell of.</summary>
    /// <param name="variable">The environment: values by name.</param>
    /// <returns>The processes.</returns>
    internal static IProcessGroup Join(Func<string, string?> variable)
    {
        int size = SizeIn(variable);
        if (size <= 1)
        {
            return SingleProcess.Instance;
        }

        bool isMpich = variable(OpenMpiSize) is null && variable(MpichSize) is not null;
        var joined = new MpiProcessGroup(MpiLibrary.Load(prefersMpich: isMpich));
        return joined.Size == size
            ? joined
            : throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"the launcher started {size} processes, and the MPI library that was found knows of {joined.Size}: it "
                + $"is not the launcher's; set LD_LIBRARY_PATH to the folder of the libmpi that belongs to mpirun"));
    }

    /// <summary>The number of this process among those of a launcher.</summary>
    /// <param name="variable">The environment: values by name.</param>
    /// <returns>0 without one.</returns>
    internal static int RankIn(Func<string, string?> variable)
    {
        string? rank = SizeIn(variable) == 1 ? null : Ranks.Select(variable).FirstOrDefault(text => text is not null);
        return int.TryParse(rank, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    /// <summary>How many processes a launcher started.</summary>
    /// <param name="variable">The environment: values by name.</param>
    /// <returns>1 without one.</returns>
    internal static int SizeIn(Func<string, string?> variable)
    {
        string? size = variable(OpenMpiSize) ?? variable(MpichSize)
            ?? (SlurmMpi.Any(name => variable(name) is not null) ? variable(SlurmSize) : null);
        return int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 1;
    }
}
