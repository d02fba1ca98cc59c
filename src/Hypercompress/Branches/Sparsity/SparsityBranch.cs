using Hypercompress.Analysis;
using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Keeps the most important values of a matrix behind a bit mask and stores no zeros.</summary>
/// <param name="options">The section <c>branches.sparsity</c>.</param>
/// <param name="settings">What all branches are told.</param>
public sealed class SparsityBranch(SparsityOptions options, BranchSettings settings) : CompressionBranch
{
    /// <summary>Name of the branch.</summary>
    public const string BranchName = "sparsity";

    private const long FewestSampleRows = 64;
    private const long MostSampleRows = 256;

    // Multiply-adds that one measurement may take: a row costs columns².
    private const long SampleWork = 150_000_000;
    private const string Magnitude = "magnitude";
    private static readonly double[] Levels = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

    /// <inheritdoc/>
    public override string Name => BranchName;

    /// <inheritdoc/>
    public override string Source => options.Method == Magnitude
        ? "Magnitude pruning (Han et al., arXiv 1506.02626)"
        : "Wanda (Sun et al., arXiv 2306.11695)";

    /// <inheritdoc/>
    public override bool Handles(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.Kind is WeightSlotKind.Linear or WeightSlotKind.KeyValue or WeightSlotKind.Head;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(formats);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long rows = SampleWork / (problem.Site.Columns * problem.Site.Columns);
        using RowSample sample = RowSample.Take(problem, long.Clamp(rows, FewestSampleRows, MostSampleRows));
        var offers = new List<Offer>();
        foreach (double sparsity in Sparsities())
        {
            ValueFormat[] worth = [.. formats.Where(format => Bytes(problem.Site, sparsity, format)
                < format.StoredBytes(problem.Site.Rows, problem.Site.Columns))];
            if (worth.Length > 0)
            {
                using var level = NewDisposeScope();
                Tensor mask = SampleMask(problem, sample, sparsity);
                offers.AddRange(worth.Select(format => new Offer(
                    BranchName,
                    OfferSetting.Of(format, sparsity),
                    Bytes(problem.Site, sparsity, format),
                    SampleError(problem, sample, mask, format),
                    Combines: true)));
            }
        }

        return offers;
    }

    /// <inheritdoc/>
    public override FormMatrix Solve(SiteProblem problem, Offer offer)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(offer);
        double sparsity = OfferSetting.ReadSparsity(offer);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor mask = options.Method == Magnitude
            ? SparsityMath.Largest(problem.Target.abs(), Nonzeros(problem.Site, sparsity))
            : WandaMask(problem, problem.Target, sparsity);
        return SparseForm.From(problem.Target, mask, OfferSetting.ReadFormat(offer), ErrorWeights.Columns(problem));
    }

    private static Tensor WandaMask(SiteProblem problem, Tensor target, double sparsity) =>
        SparsityMath.LargestPerRow(
            SparsityMath.WandaScores(target, problem.Inputs.Moment), SparsityMath.Kept(target.shape[1], sparsity));

    private static double SampleError(SiteProblem problem, RowSample sample, Tensor mask, ValueFormat format)
    {
        using SparseForm form = SparseForm.From(sample.Target, mask, format, ErrorWeights.Columns(problem));
        using Tensor approximation = form.Materialize();
        return sample.Error(approximation);
    }

    private Tensor SampleMask(SiteProblem problem, RowSample sample, double sparsity)
    {
        if (options.Method != Magnitude)
        {
            return WandaMask(problem, sample.Target, sparsity);
        }

        using var scope = NewDisposeScope();
        Tensor all = SparsityMath.Largest(problem.Target.abs(), Nonzeros(problem.Site, sparsity));
        return sample.Rows(all).MoveToOuterDisposeScope();
    }

    private IEnumerable<double> Sparsities() => (settings.Manual, options.TargetSparsity) switch
    {
        (true, null) => [],
        (true, { } only) => [only],
        (false, null) => Levels,
        (false, { } most) => [.. Levels.Where(level => level < most), most],
    };

    private long Nonzeros(Site site, double sparsity) => options.Method == Magnitude
        ? SparsityMath.Kept(site.ElementCount, sparsity)
        : site.Rows * SparsityMath.Kept(site.Columns, sparsity);

    private long Bytes(Site site, double sparsity, ValueFormat format) =>
        SparseForm.Bytes(site.Rows, site.Columns, Nonzeros(site, sparsity), format);
}
