using System.Collections.Immutable;
using Hypercompress.Analysis.Moments;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// Statistics of a teacher on calibration text: everything that is needed to pose the problem of any site.
/// </summary>
internal sealed class CalibrationStatistics : IProblemSource, IDisposable
{
    private readonly CalibrationMoments _moments;

    /// <summary>Takes the statistics over.</summary>
    /// <param name="teacher">The model that they are of.</param>
    /// <param name="weights">Its matrices, the targets of all problems.</param>
    /// <param name="moments">What was measured; owned from here on.</param>
    /// <param name="tokens">Tokens that the input moments were averaged over.</param>
    /// <param name="options">How it was measured.</param>
    /// <param name="notes">Warnings.</param>
    internal CalibrationStatistics(
        DecoderModel teacher,
        IWeightSource weights,
        CalibrationMoments moments,
        long tokens,
        CalibrationSettings options,
        ImmutableArray<string> notes)
    {
        (Weights, _moments, Tokens, Options, Notes) = (weights, moments, tokens, options, notes);
        Sites = [.. teacher.Slots.Select(Site.Of)];
        ParameterCount = teacher.ParameterCount;
    }

    /// <summary>All that was measured; owned by this.</summary>
    internal CalibrationMoments Moments => _moments;

    /// <summary>The teacher's matrices, from which all targets are copied.</summary>
    public IWeightSource Weights { get; }

    /// <summary>How the statistics were taken.</summary>
    public CalibrationSettings Options { get; }

    /// <summary>All sites that can be compressed, in the order of the decoder.</summary>
    public ImmutableArray<Site> Sites { get; }

    /// <summary>
    /// Sites of one layer that share their input, in the order of the decoder; every site of the layers once.
    /// </summary>
    public ImmutableArray<ImmutableArray<Site>> Groups =>
    [
        .. Sites.Where(site => site.Layer is not null).GroupBy(InputOf, StringComparer.Ordinal)
            .Select(group => group.ToImmutableArray()),
    ];

    /// <summary>Tokens that the input moments were averaged over.</summary>
    public long Tokens { get; }

    /// <summary>Parameters of the teacher, all matrices dense, a tied head counted once.</summary>
    public long ParameterCount { get; }

    /// <summary>Warnings for the user, such as too little text for a width.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Poses the problem of a site, with the teacher's weight as the target.</summary>
    /// <param name="site">One of <see cref="Sites"/>.</param>
    /// <returns>
    /// A problem that the caller disposes before the statistics, and soon: until then its moment stays in memory.
    /// </returns>
    /// <exception cref="ArgumentException">The teacher has no such site.</exception>
    /// <exception cref="IOException">
    /// Moments that are not in use do not fit on the disk for temporary files.
    /// </exception>
    /// <exception cref="NumericalException">The weight is not finite.</exception>
    public SiteProblem Pose(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        using var scope = NewDisposeScope();
        Tensor target = Weights.Read(site);
        if (!FiniteValues.Are(target))
        {
            throw new NumericalException($"site {site.Name}: the weight holds NaN or infinity; check the checkpoint");
        }

        return new SiteProblem(
            site,
            target.DetachFromDisposeScope(),
            _moments.Inputs.Borrow(site.Name),
            _moments.OutputWeights[site.Name],
            _moments.Outputs.Read(site.Name));
    }

    /// <summary>The moment of a site's inputs; sites with the same inputs share one.</summary>
    /// <param name="site">One of <see cref="Sites"/>.</param>
    /// <returns>In memory until it is disposed.</returns>
    internal MomentLease BorrowInput(Site site) => _moments.Inputs.Borrow(site.Name);

    /// <summary>Cost of a squared error at each output of a site, float64 [rows]; owned by the statistics.</summary>
    /// <param name="site">One of <see cref="Sites"/>.</param>
    internal Tensor OutputWeightsOf(Site site) => _moments.OutputWeights[site.Name];

    /// <summary>The name of the first of the sites that read the same inputs.</summary>
    /// <param name="site">One of <see cref="Sites"/>.</param>
    internal string InputOf(Site site) => _moments.Inputs.LeaderOf(site.Name);

    /// <summary>Releases all moments; the teacher stays.</summary>
    public void Dispose() => _moments.Dispose();
}
