using Hypercompress.Processes;
using Hypercompress.Processes.Mpi;

namespace Hypercompress.Tests.Processes;

public sealed class MpiLaunchTests
{
    [Theory]
    [InlineData(1, "")]
    [InlineData(4, "OMPI_COMM_WORLD_SIZE=4")]
    [InlineData(3, "PMI_SIZE=3;PMI_RANK=0")]
    [InlineData(8, "SLURM_NTASKS=8;PMIX_RANK=2")]
    [InlineData(1, "SLURM_NTASKS=8;SLURM_PROCID=2")]
    public void SizeIn_VariablesOfLaunchers_GivesTheNumberOfProcesses(int expected, string variables)
    {
        Assert.Equal(expected, MpiLaunch.SizeIn(Lookup(variables)));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(3, "OMPI_COMM_WORLD_SIZE=4;OMPI_COMM_WORLD_RANK=3")]
    [InlineData(1, "PMI_SIZE=3;PMI_RANK=1")]
    [InlineData(2, "SLURM_NTASKS=8;PMIX_RANK=2")]
    [InlineData(0, "PMI_RANK=1")]
    public void RankIn_VariablesOfLaunchers_GivesTheNumberOfThisProcess(int expected, string variables) =>
        Assert.Equal(expected, MpiLaunch.RankIn(Lookup(variables)));

    [Theory]
    [InlineData("")]
    [InlineData("OMPI_COMM_WORLD_SIZE=1")]
    public void Join_OneProcess_LoadsNoLibrary(string variables)
    {
        using IProcessGroup processes = MpiLaunch.Join(Lookup(variables));

        Assert.Equal((0, 1), (processes.Rank, processes.Size));
        Assert.IsType<SingleProcess>(processes);
    }

    private static Func<string, string?> Lookup(string variables)
    {
        var values = variables.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => values.GetValueOrDefault(name);
    }
}
