using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Merging;

/// <summary>The best factors of a rank under J: a truncated decomposition between the square roots of G and
/// H.</summary>
internal sealed class TruncationBranch : CompressionBranch
{
    public override string Name => "factors";

    public override string Source => "Eckart and Young, 1936";

    public override bool Handles(Site site) => true;

    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats) => [];

    public override FormMatrix Solve(SiteProblem problem, Offer offer)
    {
        using var scope = NewDisposeScope();
        int rank = int.Parse(offer.Setting["size"], CultureInfo.InvariantCulture);
        Tensor rows = problem.OutputWeights.sqrt().unsqueeze(1);
        Tensor factor = problem.Inputs.Factor;
        (Tensor u, Tensor s, Tensor v) = linalg.svd(rows * problem.Target.to(ScalarType.Float64).matmul(factor), false);
        Tensor up = u.narrow(1, 0, rank) * s.narrow(0, 0, rank) / rows;
        Tensor down = v.narrow(0, 0, rank).matmul(linalg.inv(factor));
        return LowRankForm.From(up, down, FloatFormat.Float32, FloatFormat.Float32);
    }
}
