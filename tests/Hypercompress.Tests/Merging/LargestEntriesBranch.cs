using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Merging;

/// <summary>Keeps the entries whose squares weigh most in the diagonal of J.</summary>
internal sealed class LargestEntriesBranch : CompressionBranch
{
    public override string Name => "entries";

    public override string Source => "magnitude pruning";

    public override bool Handles(Site site) => true;

    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats) => [];

    public override FormMatrix Solve(SiteProblem problem, Offer offer)
    {
        using var scope = NewDisposeScope();
        int count = int.Parse(offer.Setting["size"], CultureInfo.InvariantCulture);
        Tensor score = problem.Target.square() * problem.OutputWeights.unsqueeze(1) * problem.Inputs.Moment.diagonal();
        Tensor kept = score.reshape(-1).topk(count).indexes;
        Tensor mask = zeros(score.numel(), dtype: ScalarType.Bool).index_fill(0, kept, true).reshape(score.shape);
        return SparseForm.From(problem.Target, mask, FloatFormat.Float32);
    }
}
