using Hypercompress.Interruptions;

namespace Hypercompress.Cli.Tests.Resuming;

/// <summary>Processes that are killed in the middle of their work.</summary>
public sealed class KilledRunTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const int Kills = 8;

    [Fact]
    public void Compress_KilledAtRandomMoments_WritesWhatAnUninterruptedRunWrites()
    {
        var lines = new List<string>();
        var runs = new KilledRuns(
            ["dotnet", typeof(CommandLine).Assembly.Location],
            workspace.Of("killed"),
            [.. workspace.Arguments("compress", workspace.Model).Skip(1), .. RunKinds.Trained],
            line =>
            {
                lock (lines)
                {
                    lines.Add(line);
                }
            });

        KilledRunsResult result = runs.Run(Kills, seed: 1);

        Assert.True(result.Differing == 0, $"{result}\n{string.Join('\n', lines)}");
        Assert.Equal(Kills, result.Kills);
        Assert.True(result.Resumed > 0, string.Join('\n', lines));
    }
}
