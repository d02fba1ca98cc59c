using System.Collections.Immutable;
using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Blocks;
using Hypercompress.NumberFormats.EntropyCoding;
using Hypercompress.NumberFormats.EntropyCoding.Search;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using Hypercompress.NumberFormats.Integers;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Sites;
using Hypercompress.Targets;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>Stores a matrix as integer codes, and gives all branches its formats for their own values.</summary>
/// <param name="options">The section <c>branches.quantization</c>.</param>
/// <param name="settings">Settings of all branches.</param>
internal sealed class QuantizationBranch(QuantizationOptions options, BranchSettings settings)
    : CompressionBranch, IValueFormatSource
{
    /// <summary>Name of the branch.</summary>
    public const string BranchName = "quantization";

    // Of the bytes of a trial: they change its error by some two per cent.
    private const double TrialSlack = 0.005;

    private const long SampleRows = 4096;
    private const long SweptSampleRows = 192;
    private const string Gptq = "gptq";
    private const int FinestStep = 125;
    private const double MostBits = 8;

    // Measured bytes of the tables and of the scales of rows and columns of an entropy-coded block.
    private const double HeaderBytes = 160;
    private const double ClassBytes = 4;
    private const double SymbolBytes = 3;
    private const double WidestTable = 4;
    private const double LevelsPerClass = 2000;
    private const double MostClasses = 32;
    private const double ScaleBytes = 0.85;
    private static readonly double[] MeasuredBits = [0.3, 0.7, 1.2, 2, 3, 5, 8];

    /// <inheritdoc/>
    public override string Name => BranchName;

    /// <inheritdoc/>
    public override string Summary => "stores weights in fewer bits";

    /// <inheritdoc/>
    public override string Source =>
        "Entropy-coded trellis levels with error feedback (WaterSIC, arXiv 2603.04956; Fischer and Wang 1992), "
        + "integer groups";

    /// <inheritdoc/>
    public IReadOnlyList<ValueFormat> Formats { get; } =
        [.. Configured(options, settings).Distinct().OrderByDescending(Fineness)];

    /// <inheritdoc/>
    public override bool MakesForms => false;

    /// <inheritdoc/>
    public override bool Handles(Site site) => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(problem);
        IEnumerable<Offer> coded =
            options.EntropyCoding && settings.Target.HoldsAllForms ? MakeCodedOffers(problem) : [];
        return settings.Manual && (Formats.Count > 1 || options.EntropyBits is not null)
            ? [.. coded]
            : [.. coded, .. MakeGroupOffers(problem)];
    }

    /// <inheritdoc/>
    public override FormMatrix Solve(SiteProblem problem, Offer offer) => Solve(problem, offer, RateSearch.Slack);

    /// <inheritdoc/>
    public override FormMatrix SolveTrial(SiteProblem problem, Offer offer) => Solve(problem, offer, TrialSlack);

    /// <summary>
    /// Matrices are solved with finer scales, which train, and keep what the training of levels starts from.
    /// </summary>
    /// <inheritdoc/>
    public override Offer Trainable(Offer offer, TrainedCodes parts)
    {
        ArgumentNullException.ThrowIfNull(offer);
        if (OfferSetting.ReadFormat(offer, settings.Formats) is not EntropyFormat format)
        {
            return offer;
        }

        var trained = new EntropyFormat(format.Millibits, format.Code, parts);
        return offer with { Setting = OfferSetting.Of(trained) };
    }

    private FormMatrix Solve(SiteProblem problem, Offer offer, double slack)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(offer);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        ValueFormat format = OfferSetting.ReadFormat(offer, settings.Formats);
        return format is EntropyFormat entropy
            ? EntropySolver.Solve(problem, entropy, slack)
            : new DenseForm(EncodeGroups(problem, problem.Target, format));
    }

    private static IEnumerable<ValueFormat> Configured(QuantizationOptions options, BranchSettings settings) =>
        (options.Formats.IsEmpty, settings.Target.HoldsAllForms) switch
        {
            (false, _) => options.Formats.Select(name => Allowed(Parse(name, settings.Formats), settings.Target)),
            (true, false) => settings.Target.Formats,
            _ => options.Bits.Select(bits => QuantizationMath.Format(bits, options.GroupSize)),
        };

    private static ValueFormat Allowed(ValueFormat format, RuntimeTarget target) =>
        target.HoldsAllForms || target.Formats.Contains(format)
            ? format
            : throw new ConfigurationException(
                $"branches.{BranchName}.formats: the runtime '{target.Name}' does not hold {format}; it holds "
                + string.Join(", ", target.Formats));

    // Bytes of a matrix, the more the finer.
    private static long Fineness(ValueFormat format) => format.StoredBytes(1024, 1024);

    private static ValueFormat Parse(string name, NumberFormatRegistry known)
    {
        try
        {
            return known.Parse(name);
        }
        catch (FormatException unknown)
        {
            throw new ConfigurationException($"branches.{BranchName}.formats: {unknown.Message}", unknown);
        }
    }

    // Tables grow with the levels that occur, about two to the bits of one.
    private static double SideBytes(Site site, EntropyFormat format)
    {
        double classes = Math.Clamp(site.ElementCount / LevelsPerClass, 1, MostClasses);
        double symbols = Math.Pow(2, Math.Min(format.Millibits / 1000.0, WidestTable));
        return HeaderBytes + (classes * (ClassBytes + (SymbolBytes * symbols)))
            + (ScaleBytes * (site.Rows + site.Columns));
    }

    private static IEnumerable<int> Steps(int most)
    {
        for (int millibits = 2 * FinestStep; millibits <= most; millibits += StepAbove(millibits))
        {
            yield return millibits;
        }
    }

    private static int StepAbove(int millibits) => millibits switch
    {
        < 4000 => FinestStep,
        < 6000 => 2 * FinestStep,
        _ => 4 * FinestStep,
    };

    private List<Offer> MakeGroupOffers(SiteProblem problem)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using RowSample sample = RowSample.Take(problem, options.Method == Gptq ? SweptSampleRows : SampleRows);
        return
        [
            .. Formats.Where(format => settings.Target.Holds(
                    problem.Site.Kind, problem.Site.Rows, problem.Site.Columns, format))
                .Select(format => MakeOffer(problem, sample, format)),
        ];
    }

    private List<Offer> MakeCodedOffers(SiteProblem problem)
    {
        int[] grid = (settings.Manual, options.EntropyBits) switch
        {
            (true, null) => [],
            (true, { } only) => [(int)Math.Round(only * 1000)],
            (false, var most) => [.. Steps((int)Math.Round((most ?? MostBits) * 1000))],
        };
        Site site = problem.Site;
        EntropyFormat[] formats = [.. grid.Select(millibits => new EntropyFormat(millibits))];
        if (formats.Length == 0)
        {
            return [];
        }

        IReadOnlyList<MeasuredRate> curve = EntropySolver.Measure(problem, MeasuredBits);
        return
        [
            .. formats.Select(format =>
            {
                long bytes = format.StoredBytes(site.Rows, site.Columns);
                double bits = 8 * (bytes - SideBytes(site, format)) / site.ElementCount;
                return new Offer(BranchName, OfferSetting.Of(format), bytes, MeasuredRate.ErrorAt(curve, bits));
            }),
        ];
    }

    private Offer MakeOffer(SiteProblem problem, RowSample sample, ValueFormat format)
    {
        using StoredValues values = EncodeGroups(problem, sample.Target, format);
        long bytes = format.StoredBytes(problem.Site.Rows, problem.Site.Columns);
        return new Offer(BranchName, OfferSetting.Of(format), bytes, sample.Error(values.Value()));
    }

    private StoredValues EncodeGroups(SiteProblem problem, Tensor target, ValueFormat format)
    {
        using var scope = NewDisposeScope();
        return (options.Method, format) switch
        {
            (Gptq, IntegerFormat integers) => GroupSolver.Encode(target, integers, problem.Inputs),
            (Gptq, BlockFormat blocks) => BlockSolver.Encode(target, blocks, problem.Inputs),
            _ => format.Encode(target, ErrorWeights.Columns(problem)),
        };
    }
}
