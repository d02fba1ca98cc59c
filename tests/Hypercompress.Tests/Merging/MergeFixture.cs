using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Merging;

/// <summary>A site whose matrix is a rank-3 matrix plus a few large entries, with correlated inputs.</summary>
internal sealed class MergeFixture : IDisposable
{
    public const int Rank = 3;
    public const int Entries = 60;
    private readonly InputMoment _inputs;
    private readonly Tensor _outputWeights;

    public MergeFixture(ulong seed, int rows = 40, int columns = 32)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(seed);
        Site = new Site("model.layers.0.mlp.up_proj", WeightSlotKind.Linear, 0, rows, columns);
        Tensor smooth = randn(rows, Rank, generator: random).matmul(randn(Rank, columns, generator: random));
        Tensor places = randperm(rows * columns, generator: random).narrow(0, 0, Entries);
        Tensor spikes =
            zeros(rows * columns).index_copy(0, places, 6 * randn(Entries, generator: random)).reshape(rows, columns);
        Tensor noise = 0.05 * randn(rows, columns, generator: random);
        Tensor mixed = randn(columns, columns, generator: random).to(ScalarType.Float64) * 0.3;
        mixed += eye(columns, dtype: ScalarType.Float64);
        _inputs = new InputMoment(mixed.matmul(mixed.t()), tokens: 1000);
        _outputWeights = (rand(rows, generator: random).to(ScalarType.Float64) + 0.5).DetachFromDisposeScope();
        Problem = new SiteProblem(Site, (smooth + spikes + noise).DetachFromDisposeScope(), _inputs, _outputWeights);
    }

    public Site Site { get; }

    public SiteProblem Problem { get; }

    public static CompressionBranch Branch(string name) =>
        name == "factors" ? new TruncationBranch() : new LargestEntriesBranch();

    public Proposal Propose(string branch, int size)
    {
        var offer = new Offer(
            branch, ImmutableSortedDictionary<string, string>.Empty.Add("size", $"{size}"), size, 0, Combines: true);
        FormMatrix matrix = Branch(branch).Solve(Problem, offer);
        using Tensor values = matrix.Materialize();
        return new Proposal(Site, offer, matrix, Problem.Error(values));
    }

    public double Measure(FormMatrix matrix)
    {
        using Tensor values = matrix.Materialize();
        return Problem.Error(values);
    }

    public void Dispose()
    {
        Problem.Dispose();
        _inputs.Dispose();
        _outputWeights.Dispose();
    }
}
