using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Measures how much memory each kind of work on one matrix takes beyond the matrix itself, in bytes for each value:
/// what the estimate of a run counts for its largest matrix: <c>sitememory ROWS COLUMNS</c>. Linux only.
/// </summary>
internal static class SiteMemory
{
    private const long Tokens = 8192;
    private const long PartRows = 8192;

    public static void Run(string[] args)
    {
        (long rows, long columns) =
            (long.Parse(args[1], CultureInfo.InvariantCulture), long.Parse(args[2], CultureInfo.InvariantCulture));
        manual_seed(1);
        using var noGrad = no_grad();
        foreach (WeightSlotKind kind in new[] { WeightSlotKind.Embedding, WeightSlotKind.Head })
        {
            var site = new Site($"{kind}", kind, null, rows, columns);
            using InputMoment inputs = Moment(columns);
            using Tensor weights = rand(rows, dtype: ScalarType.Float64) + 0.1;
            using var problem = new SiteProblem(site, Matrix(rows, columns), inputs, weights);
            Measure(site, "error", () => problem.Energy());
            Measure(site, "rate-distortion limit", () => RateDistortion.Curve(problem));
            MeasureBranches(problem);
        }
    }

    private static void MeasureBranches(SiteProblem problem)
    {
        var registry = new BranchRegistry();
        CompressionBranch[] branches =
            [.. registry.Registrations.Select(known => registry.Create(known.Name, known.Defaults(), new()))];
        ValueFormat[] formats =
        [
            FloatFormat.BFloat16,
            .. branches.OfType<IValueFormatSource>().SelectMany(source => source.Formats).Distinct(),
        ];
        foreach (CompressionBranch branch in branches.Where(branch => branch.Handles(problem.Site)))
        {
            IReadOnlyList<Offer> offers = [];
            Measure(problem.Site, $"{branch.Name}: offers", () => offers = branch.MakeOffers(problem, formats));
            if (offers.Count > 0)
            {
                Offer middle = offers[offers.Count / 2];
                MeasureSolving(branch, problem, middle);
            }
        }
    }

    private static string Describe(Offer offer) =>
        string.Join(' ', offer.Setting.Select(setting => $"{setting.Key} {setting.Value}"));

    private static void MeasureSolving(CompressionBranch branch, SiteProblem problem, Offer offer)
    {
        string name = $"{branch.Name}: {Describe(offer)}";
        FormMatrix? solved = null;
        Measure(problem.Site, $"{name}, solving", () => solved = branch.Solve(problem, offer));
        Tensor? approximation = null;
        Measure(problem.Site, $"{name}, decoding", () => approximation = solved!.Materialize());
        Measure(problem.Site, $"{name}, its error", () => problem.Error(approximation!));
        approximation?.Dispose();
        solved?.Dispose();
    }

    private static InputMoment Moment(long columns)
    {
        using var scope = NewDisposeScope();
        Tensor inputs = randn(Tokens, columns, dtype: ScalarType.Float64) * (rand(columns) + 0.1);
        return new InputMoment((inputs.t().matmul(inputs) / Tokens).DetachFromDisposeScope(), Tokens);
    }

    private static Tensor Matrix(long rows, long columns)
    {
        Tensor made = empty(rows, columns);
        for (long first = 0; first < rows; first += PartRows)
        {
            using var scope = NewDisposeScope();
            long count = long.Min(PartRows, rows - first);
            made.narrow(0, first, count).copy_(randn(count, columns) * 0.02f);
        }

        return made;
    }

    private static void Measure(Site site, string what, Action work)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long before = Kilobytes("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5");
        long started = Environment.TickCount64;
        work();
        double seconds = (Environment.TickCount64 - started) / 1000.0;
        double each = 1024.0 * (Kilobytes("VmHWM") - before) / site.ElementCount;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{site.Name,-10} {what,-52} {each,6:0.0} bytes a value {seconds,6:0.0} s"));
    }

    private static long Kilobytes(string name) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1],
        CultureInfo.InvariantCulture);
}
