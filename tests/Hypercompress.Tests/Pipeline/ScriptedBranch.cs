using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;

namespace Hypercompress.Tests.Pipeline;

/// <summary>A branch that does what a test says when it runs.</summary>
internal sealed class ScriptedBranch(string name, bool runsFirst, Func<BranchRun, Proposal[]> run, Action<string> tell)
    : CompressionBranch
{
    public override string Name => name;

    public override bool RunsFirst => runsFirst;

    public override string Source => "a test";

    public override bool Handles(Site site) => true;

    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats) => [];

    public override FormMatrix Solve(SiteProblem problem, Offer offer) => throw new NotSupportedException();

    public override void Prepare(BranchRun run) => tell($"prepare {name}");

    public override BranchArtifact Run(BranchRun context)
    {
        tell($"run {name}");
        return new BranchArtifact(
            name,
            ImmutableSortedDictionary<string, double>.Empty,
            ImmutableSortedDictionary<string, string>.Empty,
            [.. run(context)]);
    }

    public override void Finalize(BranchRun run, BranchArtifact artifact) => tell($"finalize {name}");
}
