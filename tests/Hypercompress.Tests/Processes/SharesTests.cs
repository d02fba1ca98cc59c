using Hypercompress.Processes;

namespace Hypercompress.Tests.Processes;

public sealed class SharesTests
{
    [Fact]
    public void BySize_LargestFirst_EvensTheSumsOut()
    {
        var shares = Shares.BySize([5L, 9L, 3L, 4L, 3L], size => size, 2);

        Assert.Equal([[9L, 3L], [5L, 4L, 3L]], shares.Select(share => share.ToArray()));
    }

    [Fact]
    public void BySize_FewerItemsThanParts_LeavesNoEmptyPart()
    {
        Assert.Equal([[7L], [2L]], Shares.BySize([7L, 2L], size => size, 5).Select(share => share.ToArray()));
    }

    [Fact]
    public void InTurns_SeveralProcesses_GivesEveryItemToOne()
    {
        int[][] own = ThreadGroup.Run(3, processes => processes.InTurns([0, 1, 2, 3, 4, 5, 6]).ToArray());

        Assert.Equal([[0, 3, 6], [1, 4], [2, 5]], own);
    }
}
