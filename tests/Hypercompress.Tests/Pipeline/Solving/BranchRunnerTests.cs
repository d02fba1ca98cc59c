using System.Collections.Concurrent;
using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Solving;
using Hypercompress.Planning;
using Hypercompress.Sites;
using TorchSharp;

namespace Hypercompress.Tests.Pipeline.Solving;

public sealed class BranchRunnerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _events = [];
    private readonly int _threads = torch.get_num_threads();

    [Fact]
    public void Run_LetsFirstBranchesFinishBeforeOthersStart()
    {
        CompressionBranch[] branches =
        [
            Branch("kv", run: _ => []),
            Branch("blt", runsFirst: true, run: _ =>
            {
                Thread.Sleep(50);
                return [];
            }),
            Branch("lra", run: _ => []),
        ];

        ImmutableArray<BranchArtifact> artifacts = Run(branches, "kv", "blt", "lra");

        Assert.Equal(["prepare blt", "run blt", "finalize blt"], _events.Take(3));
        Assert.Equal(9, _events.Count);
        Assert.Equal(["blt", "kv", "lra"], artifacts.Select(artifact => artifact.Name));
    }

    [Fact]
    public void Run_LetsTheOthersWorkAtTheSameTime()
    {
        using var meeting = new Barrier(2);
        Proposal[] Meet(BranchRun run) =>
            meeting.SignalAndWait(Patience) ? [] : throw new TimeoutException("nobody came");

        Run([Branch("lra", run: Meet), Branch("kv", run: Meet)], "lra", "kv");

        Assert.Contains("finalize lra", _events);
        Assert.Contains("finalize kv", _events);
    }

    [Fact]
    public void Run_GivesEveryBranchItsOwnTasks_AndSkipsIdleOnes()
    {
        string[] Sites(BranchRun run) => [.. run.Tasks.Select(task => $"{task.Offer.Branch}@{task.Site.Name}")];
        Proposal[] Tell(BranchRun run)
        {
            _events.Enqueue(string.Join(' ', Sites(run)));
            return [];
        }

        Run([Branch("lra", run: Tell), Branch("kv", run: Tell)], "lra", "lra");

        Assert.Equal(["prepare lra", "run lra", "lra@site0 lra@site1", "finalize lra"], _events);
    }

    [Fact]
    public void Run_WithoutTasks_MakesNothing() => Assert.Empty(Run([Branch("lra", run: _ => [])]));

    [Fact]
    public void Run_WhenABranchFails_ReleasesAllPiecesAndTellsTheFailure()
    {
        using var done = new ManualResetEventSlim();
        List<FormMatrix> pieces = [];
        Proposal[] Make(BranchRun run)
        {
            Proposal proposal = Piece(run.Tasks[0]);
            pieces.Add(proposal.Matrix);
            return [proposal];
        }

        CompressionBranch[] branches =
        [
            Branch("blt", runsFirst: true, run: Make),
            Branch("lra", run: run =>
            {
                Proposal[] made = Make(run);
                done.Set();
                return made;
            }),
            Branch("kv", run: _ =>
            {
                done.Wait(Patience);
                throw new InvalidDataException("kv fell over");
            }),
        ];

        var failure = Assert.Throws<InvalidDataException>(() => Run(branches, "blt", "lra", "kv"));

        Assert.Equal("kv fell over", failure.Message);
        Assert.Equal(2, pieces.Count);
        Assert.All(pieces.SelectMany(piece => piece.Parameters), values => Assert.True(values.IsInvalid));
    }

    [Fact]
    public void Run_WhenAFirstBranchFails_StartsNoOther()
    {
        CompressionBranch[] branches =
        [
            Branch("blt", runsFirst: true, run: _ => throw new InvalidDataException()),
            Branch("lra", run: _ => []),
        ];

        Assert.Throws<InvalidDataException>(() => Run(branches, "blt", "lra"));

        Assert.Equal(["prepare blt", "run blt"], _events);
    }

    [Fact]
    public void Run_SharesTheThreadsAndGivesThemBack()
    {
        var counts = new ConcurrentBag<int>();
        Proposal[] Count(BranchRun run)
        {
            counts.Add(torch.get_num_threads());
            Assert.False(torch.is_grad_enabled());
            return [];
        }

        Run([Branch("blt", runsFirst: true, run: Count), Branch("lra", run: Count), Branch("kv", run: Count)], "blt",
            "lra", "kv");

        Assert.Equal([1, 1, 2], counts.Order());
        Assert.Equal(2, torch.get_num_threads());
    }

    public void Dispose() => torch.set_num_threads(_threads);

    private static Proposal Piece(BranchTask task)
    {
        using var values = torch.ones(4, 4);
        return new Proposal(task.Site, task.Offer, DenseForm.From(values, FloatFormat.Float16), 0);
    }

    private ScriptedBranch Branch(string name, Func<BranchRun, Proposal[]> run, bool runsFirst = false) =>
        new(name, runsFirst, run, _events.Enqueue);

    // One site for every branch that is named, two for one that is named twice.
    private ImmutableArray<BranchArtifact> Run(CompressionBranch[] branches, params string[] taken)
    {
        var setting = ImmutableSortedDictionary<string, string>.Empty;
        var plan = new CompressionPlan(
            2,
            1000,
            0,
            Structural: true,
            [],
            [
                .. taken.Select((branch, i) => new SiteAssignment(
                    new Site($"site{i}", WeightSlotKind.Linear, 0, 4, 4), [new Offer(branch, setting, 32, 0)], 32, 0)),
            ]);
        var progress = new PhaseProgress(Phase.Branches, new RecordingObserver(), CancellationToken.None);
        return new BranchRunner([.. branches], threads: 2, TimeProvider.System)
            .Run(plan, new NoProblems(), progress);
    }

    /// <summary>A source that scripted branches never ask.</summary>
    private sealed class NoProblems : IProblemSource
    {
        public SiteProblem Pose(Site site) => throw new NotSupportedException();
    }
}
