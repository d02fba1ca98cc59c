using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>What calibration text told about a teacher: everything that is needed to pose the problem of any site.</summary>
public sealed class CalibrationStatistics : IDisposable
{
    private readonly DecoderModel _teacher;
    private readonly MomentStore _inputs;
    private readonly IReadOnlyDictionary<string, Tensor> _outputs;
    private readonly OutputMomentStore _correlated;

    internal CalibrationStatistics(
        DecoderModel teacher,
        long tokens,
        MomentStore inputs,
        IReadOnlyDictionary<string, Tensor> outputs,
        OutputMomentStore correlated,
        ImmutableArray<string> notes)
    {
        (_teacher, Tokens, _inputs, _outputs, _correlated, Notes) = (teacher, tokens, inputs, outputs, correlated, notes);
        Sites = [.. teacher.Slots.Select(Site.Of)];
    }

    /// <summary>All places that can be compressed, in the order of the decoder.</summary>
    public ImmutableArray<Site> Sites { get; }

    /// <summary>Sites of one layer that share their input, in the order of the decoder; every site of the layers once.</summary>
    public ImmutableArray<ImmutableArray<Site>> Groups =>
        [.. Sites.Where(site => site.Layer is not null).GroupBy(InputOf, StringComparer.Ordinal).Select(group => group.ToImmutableArray())];

    /// <summary>Tokens that the input moments were averaged over.</summary>
    public long Tokens { get; }

    /// <summary>Parameters of the teacher, all matrices dense, a tied head counted once.</summary>
    public long ParameterCount => _teacher.ParameterCount;

    /// <summary>Warnings in words, such as too little text for a width.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Poses the problem of a site, with the teacher's weight as the target.</summary>
    /// <param name="site">One of <see cref="Sites"/>.</param>
    /// <returns>
    /// A problem that the caller disposes before the statistics, and soon: until then its moment stays in memory.
    /// </returns>
    /// <exception cref="ArgumentException">The teacher has no such site.</exception>
    /// <exception cref="IOException">Moments that are not in use do not fit on the disk for temporary files.</exception>
    /// <exception cref="NumericalException">The weight is not finite.</exception>
    public SiteProblem Pose(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        WeightSlot slot = _teacher.Slots.FirstOrDefault(slot => slot.Name == site.Name)
            ?? throw new ArgumentException($"the teacher has no site {site.Name}", nameof(site));
        using var scope = NewDisposeScope();
        Tensor target = slot.Matrix.Materialize();
        if (!target.isfinite().all().item<bool>())
        {
            throw new NumericalException($"site {site.Name}: the weight holds NaN or infinity; check the checkpoint");
        }

        return new SiteProblem(
            site,
            target.DetachFromDisposeScope(),
            _inputs.Borrow(site.Name),
            _outputs[site.Name],
            _correlated.Read(site.Name));
    }

    /// <summary>The moment of a site's inputs; sites with the same inputs share one.</summary>
    /// <param name="site">One of <see cref="Sites"/>.</param>
    /// <returns>In memory until it is disposed.</returns>
    internal MomentLease BorrowInput(Site site) => _inputs.Borrow(site.Name);

    /// <summary>What a squared error costs at each output of a site, float64 [rows]; owned by the statistics.</summary>
    /// <param name="site">One of <see cref="Sites"/>.</param>
    internal Tensor OutputWeightsOf(Site site) => _outputs[site.Name];

    /// <summary>The name that sites have in common which read the same inputs: that of the first of them.</summary>
    /// <param name="site">One of <see cref="Sites"/>.</param>
    internal string InputOf(Site site) => _inputs.LeaderOf(site.Name);

    /// <summary>Releases all moments; the teacher stays.</summary>
    public void Dispose()
    {
        _inputs.Dispose();
        _correlated.Dispose();
        foreach (Tensor output in _outputs.Values)
        {
            output.Dispose();
        }
    }
}
