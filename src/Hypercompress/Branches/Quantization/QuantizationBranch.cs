using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>Stores a matrix as integer codes, and gives all branches its formats for their own values.</summary>
/// <param name="options">The section <c>branches.quantization</c>.</param>
/// <param name="settings">What all branches are told.</param>
public sealed class QuantizationBranch(QuantizationOptions options, BranchSettings settings)
    : CompressionBranch, IValueFormatSource
{
    /// <summary>Name of the branch.</summary>
    public const string BranchName = "quantization";

    private const long SampleRows = 4096;

    /// <inheritdoc/>
    public override string Name => BranchName;

    /// <inheritdoc/>
    public override string Source => "Round to nearest in groups (Dettmers et al., arXiv 2208.07339), ranges by weighted error";

    /// <inheritdoc/>
    public IReadOnlyList<ValueFormat> Formats { get; } =
    [
        .. options.Bits.Distinct().OrderDescending().Select(bits => QuantizationMath.Format(bits, options.GroupSize)),
    ];

    /// <inheritdoc/>
    public override bool Handles(Site site) => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (settings.Manual && Formats.Count > 1)
        {
            return [];
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using RowSample sample = RowSample.Take(problem, SampleRows);
        return [.. Formats.Select(format => MakeOffer(problem, sample, format))];
    }

    /// <inheritdoc/>
    public override FormMatrix Solve(SiteProblem problem, Offer offer)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(offer);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return DenseForm.From(problem.Target, OfferSetting.ReadFormat(offer), ErrorWeights.Columns(problem));
    }

    private static Offer MakeOffer(SiteProblem problem, RowSample sample, ValueFormat format)
    {
        using DenseForm form = DenseForm.From(sample.Target, format, ErrorWeights.Columns(problem));
        using Tensor approximation = form.Materialize();
        long bytes = format.StoredBytes(problem.Site.Rows, problem.Site.Columns);
        return new Offer(BranchName, OfferSetting.Of(format), bytes, sample.Error(approximation));
    }
}
