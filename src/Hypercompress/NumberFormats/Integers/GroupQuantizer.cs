using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.Integers;

/// <summary>
/// Round-to-nearest integer codes per group. Up to four bits the range of each group is also shrunk in steps and the
/// one with the least (weighted) squared error is taken: clipping the largest values costs less than a coarse step
/// does. The full range is tried first and only a strictly smaller error replaces it, so that values on a grid of the
/// format are reproduced exactly.
/// </summary>
internal static class GroupQuantizer
{
    private const int SearchedBits = 4;
    private const int SearchSteps = 12;
    private const double SmallestFloat16 = 1.0 / (1 << 24);

    // Small enough for the caches that every pass of the search runs through, all its steps together.
    private const long ChunkElements = 1 << 17;

    /// <summary>Codes, scales and minimums (null when symmetric) of float32 [rows, columns], both at least 1.</summary>
    internal static (Tensor Codes, Tensor Scales, Tensor? Minimums) Encode(
        Tensor values, IntegerFormat format, Tensor? columnWeights)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (long rows, long columns) = (values.shape[0], values.shape[1]);
        long width = long.Min(format.GroupSize, columns);
        long groups = (columns + width - 1) / width;
        var weights = GroupWeights(columnWeights, columns, groups, width, values.device);

        // A single row is cut between its groups, everything else between its rows.
        long[] grouped = rows == 1 ? [groups, 1, width] : [rows, groups, width];
        var all = Pad(values, (groups * width) - columns).view(grouped);
        weights = rows == 1 ? weights?.view(grouped) : weights?.view(1, groups, width);
        var codes = empty(grouped, dtype: ScalarType.Byte, device: values.device);
        var scales = empty(grouped[0], grouped[1], 1, device: values.device);
        var minimums = format.IsSymmetric ? null : empty_like(scales);

        double[] shares = Shares(format.Bits);
        long step = long.Max(1, ChunkElements / (grouped[1] * width * shares.Length));
        for (long first = 0; first < grouped[0]; first += step)
        {
            using var chunkScope = NewDisposeScope();
            long count = long.Min(step, grouped[0] - first);
            var chunk = all.narrow(0, first, count);
            var chunkWeights = rows == 1 ? weights?.narrow(0, first, count) : weights;
            var (scale, minimum) = Search(chunk, format, chunkWeights, shares);
            scales.narrow(0, first, count).copy_(scale);
            minimums?.narrow(0, first, count).copy_(minimum!);
            var levels = Levels(chunk, scale, minimum, format);
            codes.narrow(0, first, count).copy_(minimum is null ? levels.add_(format.Offset) : levels);
        }

        return (
            codes.view(rows, groups * width).narrow(1, 0, columns).MoveToOuterDisposeScope(),
            scales.view(rows, groups).MoveToOuterDisposeScope(),
            minimums?.view(rows, groups).MoveToOuterDisposeScope());
    }

    // Repeating a row's last value changes neither the largest nor the smallest of its group.
    private static Tensor Pad(Tensor values, long missing)
    {
        if (missing == 0)
        {
            return values.contiguous();
        }

        var last = values.narrow(1, values.shape[1] - 1, 1).expand(values.shape[0], missing);
        return cat([values, last], 1);
    }

    // The padding weighs nothing. Null where every element weighs the same.
    private static Tensor? GroupWeights(Tensor? columnWeights, long columns, long groups, long width, Device device)
    {
        if (columnWeights is null && groups * width == columns)
        {
            return null;
        }

        var weights = zeros(groups * width, device: device);
        weights.narrow(0, 0, columns).copy_(columnWeights ?? ones(columns, device: device));
        return weights;
    }

    private static (Tensor Scale, Tensor? Minimum) Search(
        Tensor values, IntegerFormat format, Tensor? weights, double[] shares)
    {
        var low = values.amin([-1], keepdim: true);
        var high = values.amax([-1], keepdim: true);
        var (scales, minimums) = Ranges(low, high, shares, format);
        if (shares.Length == 1)
        {
            return (scales[0], minimums?[0]);
        }

        // The first of equal errors wins: a positive scale, and the full range.
        var best = Errors(values, scales, minimums, format, weights).argmin(0, keepdim: true);
        return (scales.gather(0, best)[0], minimums?.gather(0, best)[0]);
    }

    // The shares of the full range that are tried.
    private static double[] Shares(int bits)
    {
        double cut = 1 - Narrowest(bits);
        return bits > SearchedBits
            ? [1]
            : [.. Enumerable.Range(0, SearchSteps).Select(i => 1 - (cut * i / (SearchSteps - 1)))];
    }

    // The best uniform grid for a normal distribution spans 0.5, 0.75 and 0.95 of the largest of 64 values.
    private static double Narrowest(int bits) => bits switch
    {
        2 => 0.35,
        3 => 0.55,
        _ => 0.7,
    };

    // Both [candidates, rows, groups, 1].
    private static (Tensor Scales, Tensor? Minimums) Ranges(
        Tensor low, Tensor high, double[] shares, IntegerFormat format)
    {
        Tensor Each(Func<double, double> factor) =>
            tensor([.. shares.Select(share => (float)factor(share))], device: low.device).view(-1, 1, 1, 1);
        if (format.IsSymmetric)
        {
            Tensor scaled = maximum(high, low.neg()) * Each(share => share);
            Tensor upward = RoundScale(scaled / format.Levels);
            int below = format.Offset - format.LeastCode;
            return shares.Length == 1 || below == format.Levels
                ? (upward, null)
                : (cat([upward, RoundScale(where(high > low.neg(), -scaled, scaled) / below)]), null);
        }

        if (format.HasZeroPoints)
        {
            (low, high) = (low.clamp(max: 0), high.clamp(min: 0));
        }

        var cut = (high - low) * Each(share => (1 - share) / 2);
        var start = (low + cut).to(ScalarType.Float16).to(ScalarType.Float32);
        var span = (high - cut - start).clamp_(min: 0);
        Tensor scale = RoundScale(span / format.Levels);
        return format.ZeroPoints(scale, start) is { } points ? (scale, (points * scale).neg()) : (scale, start);
    }

    // A scale that would vanish becomes the smallest float16 instead: zero scales are for groups of zeros alone.
    private static Tensor RoundScale(Tensor scale)
    {
        var rounded = scale.to(ScalarType.Float16).to(ScalarType.Float32);
        return where(rounded == 0, scale.sign() * (float)SmallestFloat16, rounded);
    }

    private static Tensor Levels(Tensor values, Tensor scale, Tensor? minimum, IntegerFormat format)
    {
        using var scope = NewDisposeScope();
        var divisor = where(scale == 0, 1f, scale);
        var levels = minimum is null ? values / divisor : (values - minimum).div_(divisor);
        levels.round_().clamp_(minimum is null ? format.LeastCode - format.Offset : 0, format.Levels);
        return levels.MoveToOuterDisposeScope();
    }

    private static Tensor Errors(Tensor values, Tensor scale, Tensor? minimum, IntegerFormat format, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        var difference = Levels(values, scale, minimum, format).mul_(scale);
        if (minimum is not null)
        {
            difference.add_(minimum);
        }

        difference.sub_(values);
        difference.mul_(difference);
        if (weights is not null)
        {
            difference.mul_(weights);
        }

        return difference.sum(-1, keepdim: true).MoveToOuterDisposeScope();
    }
}
