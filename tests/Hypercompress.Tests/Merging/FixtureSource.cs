using Hypercompress.Sites;
using TorchSharp;

namespace Hypercompress.Tests.Merging;

/// <summary>Poses the problem of a fixture for every site, and counts how often.</summary>
internal sealed class FixtureSource(MergeFixture fixture) : IProblemSource, IWeightSource
{
    public int Posed { get; private set; }

    public SiteProblem Pose(Site site)
    {
        Posed++;
        return fixture.Problem.WithTarget(fixture.Problem.Target.clone());
    }

    public torch.Tensor Read(Site site) => fixture.Problem.Target.clone();
}
