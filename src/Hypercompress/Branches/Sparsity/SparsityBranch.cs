using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Keeps the most important values of a matrix and stores no zeros.</summary>
internal sealed class SparsityBranch : CompressionBranch
{
    /// <summary>Name of the branch.</summary>
    public const string BranchName = "sparsity";

    private const long FewestSampleRows = 32;
    private const long MostSampleRows = 256;

    // Multiply-adds that one product of a sample with the moments may take: a row costs columns².
    private const long SampleWork = 25_000_000;

    // Values of all levels that are pruned together: small samples would spend their time on calls.
    private const long BatchValues = 250_000;
    private const string Magnitude = "magnitude";
    private const string Wanda = "wanda";
    private const string SparseGpt = "sparsegpt";
    private static readonly double[] Levels = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

    private readonly SparsityOptions _options;
    private readonly BranchSettings _settings;
    private readonly SparsePattern? _pattern;

    /// <summary>Creates the branch.</summary>
    /// <param name="options">The section <c>branches.sparsity</c>.</param>
    /// <param name="settings">Settings of all branches.</param>
    /// <exception cref="ConfigurationException">
    /// The pattern is malformed, contradicts the fixed share of zeros, or comes with outlier weighting.
    /// </exception>
    public SparsityBranch(SparsityOptions options, BranchSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        (_options, _settings) = (options, settings);
        _pattern = PatternOf(options);
        if (_pattern is not null && settings.Manual
            && options.TargetSparsity is { } share && share != _pattern.Sparsity)
        {
            throw new ConfigurationException(
                $"branches.sparsity: the pattern {_pattern} gives {_pattern.Sparsity} zeros, target_sparsity asks for "
                    + $"{share}; leave one of them out");
        }
    }

    /// <inheritdoc/>
    public override string Name => BranchName;

    /// <inheritdoc/>
    public override string Summary => "sets weights to zero and stores the others with their places";

    /// <inheritdoc/>
    public override string Source => _options switch
    {
        { BregmanIterations: > 0 } =>
            "Linearized Bregman iterations (arXiv 2105.04319) with exact least squares on the places found",
        { Method: Magnitude } => "Magnitude pruning (Han et al., arXiv 1506.02626)",
        { Method: Wanda } => "Wanda (Sun et al., arXiv 2306.11695)",
        { Method: SparseGpt } => "SparseGPT (Frantar and Alistarh, arXiv 2301.00774), row budgets by Fisher weight",
        _ => "ALPS (Meng et al., arXiv 2406.07831), row budgets by Fisher weight",
    };

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
        double[] levels = [.. Sparsities().Where(level => Worth(problem.Site, level, formats).Any())];
        if (levels.Length == 0)
        {
            return [];
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long rows = SampleWork / (problem.Site.Columns * problem.Site.Columns);
        using RowSample sample = RowSample.Take(problem, long.Clamp(rows, FewestSampleRows, MostSampleRows));
        using Pruner pruner = CreatePruner(problem.Inputs);
        int together = (int)long.Max(1, BatchValues / sample.Target.numel());
        return [.. levels.Chunk(together).SelectMany(batch => MakeOffers(problem, formats, sample, pruner, batch))];
    }

    /// <inheritdoc/>
    public override FormMatrix Solve(SiteProblem problem, Offer offer)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(offer);
        double sparsity = OfferSetting.ReadSparsity(offer);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using Pruner pruner = CreatePruner(problem.Inputs);
        (Tensor mask, Tensor values) = pruner.Prune(problem.Target, FirstPlaces(problem, sparsity));
        ValueFormat format = OfferSetting.ReadFormat(offer, _settings.Formats);
        return SparseForm.From(values, mask, format, ErrorWeights.Columns(problem), _pattern);
    }

    private static SparsePattern? PatternOf(SparsityOptions options)
    {
        if (options.Pattern == SparsityOptions.Unstructured)
        {
            return null;
        }

        if (options.EnableOutlierWeighting)
        {
            throw new ConfigurationException(
                "branches.sparsity: enable_outlier_weighting moves values between rows, which a pattern does not "
                    + "allow; leave one of them out");
        }

        try
        {
            return SparsePattern.Parse(options.Pattern);
        }
        catch (FormatException malformed)
        {
            throw new ConfigurationException($"branches.sparsity.pattern: {malformed.Message}", malformed);
        }
    }

    // One pruning for all levels: rows do not interact, and a row may come more than once.
    private Offer[] MakeOffers(
        SiteProblem problem, IReadOnlyList<ValueFormat> formats, RowSample sample, Pruner pruner, double[] levels)
    {
        using var scope = NewDisposeScope();
        (Tensor Places, double Scale)[] starts = [.. levels.Select(level => Start(problem, sample, level))];
        (Tensor masks, Tensor values) = pruner.Prune(
            sample.Target.repeat(levels.Length, 1), cat([.. starts.Select(start => start.Places)]));
        Tensor[] mask = masks.chunk(levels.Length);
        Tensor[] value = values.chunk(levels.Length);
        var offers = new List<Offer>();
        for (int i = 0; i < levels.Length; i++)
        {
            double sparsity = levels[i];
            offers.AddRange(Worth(problem.Site, sparsity, formats).Select(format => new Offer(
                BranchName,
                OfferSetting.Of(format, sparsity),
                Bytes(problem.Site, sparsity, format),
                starts[i].Scale * SampleError(problem, sample, mask[i], value[i], format, sparsity),
                Combines: true)));
        }

        return [.. offers];
    }

    // Keeps only the sampled rows of the mask.
    private (Tensor Places, double Scale) Start(SiteProblem problem, RowSample sample, double sparsity)
    {
        using var scope = NewDisposeScope();
        Tensor places = FirstPlaces(problem, sparsity);
        return (sample.Rows(places).MoveToOuterDisposeScope(), SampleScale(problem, sample, places));
    }

    // Offers only formats in which the sparse matrix is smaller than the dense one.
    private IEnumerable<ValueFormat> Worth(Site site, double sparsity, IReadOnlyList<ValueFormat> formats) =>
        formats.Where(format => Bytes(site, sparsity, format) < format.StoredBytes(site.Rows, site.Columns));

    // Ratio estimate: what the first places drop is known for all rows, and goes with the error that is left.
    private static double SampleScale(SiteProblem problem, RowSample sample, Tensor places)
    {
        using var scope = NewDisposeScope();
        ScoreRows scores = WandaScores(problem);
        Tensor dropped = RowParts.PerRow(scores.Rows, scores.Columns, (first, count) => scores.Part(first, count)
            .masked_fill_(places.narrow(0, first, count), 0).square().sum(1, type: ScalarType.Float64));
        double all = 0.5 * (dropped * problem.OutputWeights).sum().item<double>();
        double sampled = sample.WeightedSum(sample.Rows(dropped));
        return all > 0 && sampled > 0 ? all / sampled : 1;
    }

    private double SampleError(
        SiteProblem problem, RowSample sample, Tensor mask, Tensor values, ValueFormat format, double sparsity)
    {
        long stored = Nonzeros(problem.Site, sparsity);
        using Tensor sampled = mask.sum();
        ValueFormat alike = format.ForSample(stored, sampled.item<long>());
        using SparseForm form = SparseForm.From(values, mask, alike, ErrorWeights.Columns(problem), _pattern);
        using Tensor approximation = form.Materialize();
        return sample.Error(approximation);
    }

    private Pruner CreatePruner(InputMoment inputs) => _options switch
    {
        { BregmanIterations: > 0 } => new BregmanPruner(inputs, _pattern, _options.BregmanIterations),
        { Method: Magnitude or Wanda } => new ScorePruner(),
        { Method: SparseGpt } => new SweepPruner(inputs, _pattern),
        _ => new AdmmPruner(inputs, _pattern),
    };

    // The places that the scores choose; the solvers that search for better ones keep the number in each row.
    private Tensor FirstPlaces(SiteProblem problem, double sparsity)
    {
        using var scope = NewDisposeScope();
        ScoreRows scores = Scores(problem);
        Tensor places = _pattern is not null
            ? Select(RowSupport.Of(_pattern), scores)
            : _options.Method == Wanda
                ? Select(RowSupport.Of(EqualCounts(problem.Site, sparsity)), scores)
                : SparsityMath.Largest(scores, Nonzeros(problem.Site, sparsity));
        if (_options.EnableOutlierWeighting)
        {
            int[] counts = SparsityMath.ShiftToOutliers(
                SparsityMath.RowCounts(places),
                (int)problem.Site.Columns,
                SparsityMath.OutlierShares(WandaScores(problem)));
            places = Select(RowSupport.Of(counts), scores);
        }

        return places.MoveToOuterDisposeScope();
    }

    private static Tensor Select(RowSupport support, ScoreRows scores) =>
        scores.Choose((first, part) => support.Select(part, first));

    private ScoreRows Scores(SiteProblem problem) => _options.Method switch
    {
        Magnitude => ScoresOf(problem, (first, count) => problem.Target.narrow(0, first, count).abs()),
        Wanda => WandaScores(problem),
        _ => LossScores(problem),
    };

    private static ScoreRows WandaScores(SiteProblem problem) => ScoresOf(
        problem,
        (first, count) => SparsityMath.WandaScores(
            problem.Target.narrow(0, first, count), problem.Inputs.Moment));

    private static ScoreRows LossScores(SiteProblem problem)
    {
        Tensor weights = problem.OutputWeights / problem.OutputWeights.mean();
        return ScoresOf(
            problem,
            (first, count) => SparsityMath.LossScores(
                problem.Target.narrow(0, first, count), problem.Inputs.Moment, weights.narrow(0, first, count)));
    }

    private static ScoreRows ScoresOf(SiteProblem problem, Func<long, long, Tensor> part) =>
        new(problem.Target.shape[0], problem.Target.shape[1], part);

    private IEnumerable<double> Sparsities() => (_pattern, _settings.Manual, _options.TargetSparsity) switch
    {
        ({ } pattern, _, var most) => pattern.Sparsity <= (most ?? 1) ? [pattern.Sparsity] : [],
        (null, true, null) => [],
        (null, true, { } only) => [only],
        (null, false, null) => Levels,
        (null, false, { } most) => [.. Levels.Where(level => level < most), most],
    };

    private static int[] EqualCounts(Site site, double sparsity)
    {
        var counts = new int[site.Rows];
        Array.Fill(counts, (int)SparsityMath.Kept(site.Columns, sparsity));
        return counts;
    }

    private long Nonzeros(Site site, double sparsity) => _pattern is not null
        ? site.Rows * _pattern.KeptPerRow(site.Columns)
        : _options.Method == Wanda
        ? site.Rows * SparsityMath.Kept(site.Columns, sparsity)
        : SparsityMath.Kept(site.ElementCount, sparsity);

    private long Bytes(Site site, double sparsity, ValueFormat format) => _pattern is null
        ? SparseForm.Bytes(site.Rows, site.Columns, Nonzeros(site, sparsity), format)
        : SparseForm.Bytes(site.Rows, site.Columns, _pattern, format);
}
