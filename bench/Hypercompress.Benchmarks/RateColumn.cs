using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Bytes of the matrix that <see cref="KernelBenchmark"/> multiplies in a nanosecond, and the share that is of what one
/// thread reads of memory here.
/// </summary>
public sealed class RateColumn : IColumn
{
    private static readonly Lazy<double> ReadRate =
        new(() => Models.Inference.Measuring.ReadRate.Measure(1, TimeProvider.System));

    /// <inheritdoc/>
    public string Id => nameof(RateColumn);

    /// <inheritdoc/>
    public string ColumnName => "GB/s (share of the read rate)";

    /// <inheritdoc/>
    public bool AlwaysShow => true;

    /// <inheritdoc/>
    public ColumnCategory Category => ColumnCategory.Custom;

    /// <inheritdoc/>
    public int PriorityInCategory => 0;

    /// <inheritdoc/>
    public bool IsNumeric => false;

    /// <inheritdoc/>
    public UnitType UnitType => UnitType.Dimensionless;

    /// <inheritdoc/>
    public string Legend => "Bytes of the matrix per second, and the share of what one thread reads of memory";

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(benchmarkCase);
        if (benchmarkCase.Descriptor.Type != typeof(KernelBenchmark)
            || summary[benchmarkCase]?.ResultStatistics is not { } times)
        {
            return "-";
        }

        var largest = (int)benchmarkCase.Parameters[nameof(KernelBenchmark.Largest)];
        var followsTrellis = (bool)benchmarkCase.Parameters[nameof(KernelBenchmark.FollowsTrellis)];
        double rate = KernelBenchmark.Bytes(largest, followsTrellis) / (times.Median / 1e9);
        return string.Create(
            CultureInfo.InvariantCulture, $"{rate / 1e9:F1} ({100 * rate / ReadRate.Value:F0} %)");
    }

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        GetValue(summary, benchmarkCase);

    /// <inheritdoc/>
    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    /// <inheritdoc/>
    public bool IsAvailable(Summary summary) => true;
}
