using Hypercompress.Branches.Solvers;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Integers;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>
/// Integer codes in groups with error feedback (GPTQ, Frantar et al., arXiv 2210.17323). Scales are chosen before the
/// sweep, so that groups are neighbours in the file whatever the order of the columns; afterwards they are fitted to
/// the codes, and a second sweep uses the better ones. Each row keeps the best it had.
/// </summary>
internal static class GroupSolver
{
    private const int Sweeps = 2;

    /// <summary>Finds codes.</summary>
    /// <param name="target">T or some of its rows, float32 [m, n].</param>
    /// <param name="format">A format of integer codes.</param>
    /// <param name="inputs">H.</param>
    /// <returns>A block that the caller disposes.</returns>
    internal static StoredValues Encode(Tensor target, IntegerFormat format, InputMoment inputs)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor moment = inputs.Moment.to(ScalarType.Float32);
        (Tensor scales, Tensor? minimums) = format.Ranges(target, Weights(inputs));
        var ranges = new GroupRanges(scales, minimums);
        (Tensor Codes, GroupRanges Ranges, Tensor Errors)? best = null;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            var rule = new GroupRule(format, target.shape[1], ranges);
            ColumnSweep.Visit(target, inputs.ColumnSweep, rule);
            Tensor codes = rule.Codes().to(target.device);
            Tensor signed = rule.Signed(codes);
            best = Better(best, Measure(target, moment, codes, signed, ranges, format));
            ranges = Improve(target, moment, signed, format, ranges);
            best = Better(best, Measure(target, moment, codes, signed, ranges, format));
        }

        (Tensor kept, GroupRanges its, _) = best!.Value;
        return new IntegerValues(
            format,
            kept,
            its.Scales,
            format.IsAffine ? its.Minimums : null,
            format.ZeroPoints(its.Scales, its.Minimums));
    }

    // Zero points stay as they are: with them, a group has one number.
    private static GroupRanges Improve(
        Tensor target, Tensor moment, Tensor signed, IntegerFormat format, GroupRanges ranges)
    {
        if (format.ZeroPoints(ranges.Scales, ranges.Minimums) is not { } points)
        {
            return ScaleFit.Improve(target, moment, signed, format.GroupSize, ranges);
        }

        Tensor centred = new GroupRanges(ones_like(ranges.Scales), points.to(ScalarType.Float32).neg_())
            .Decode(signed, format.GroupSize);
        Tensor scales = ScaleFit.Improve(
            target, moment, centred, format.GroupSize, new GroupRanges(ranges.Scales, null)).Scales;
        return new GroupRanges(scales, (points * scales).neg_());
    }

    private static (Tensor Codes, GroupRanges Ranges, Tensor Errors) Measure(
        Tensor target, Tensor moment, Tensor codes, Tensor signed, GroupRanges ranges, IntegerFormat format)
    {
        Tensor difference = target - ranges.Decode(signed, format.GroupSize);
        return (codes, ranges,
            (difference.matmul(moment) * difference).sum(1, keepdim: true, type: ScalarType.Float64));
    }

    private static (Tensor Codes, GroupRanges Ranges, Tensor Errors) Better(
        (Tensor Codes, GroupRanges Ranges, Tensor Errors)? known,
        (Tensor Codes, GroupRanges Ranges, Tensor Errors) next)
    {
        if (known is not { } old)
        {
            return next;
        }

        Tensor improves = next.Errors < old.Errors;
        var ranges = new GroupRanges(
            where(improves, next.Ranges.Scales, old.Ranges.Scales),
            old.Ranges.Minimums is null ? null : where(improves, next.Ranges.Minimums!, old.Ranges.Minimums));
        return (where(improves, next.Codes, old.Codes), ranges, where(improves, next.Errors, old.Errors));
    }

    // The cost of an error in a column after the columns decided later have compensated for it: L_jj².
    private static Tensor Weights(InputMoment inputs)
    {
        ColumnSweepFactor sweep = inputs.ColumnSweep;
        Tensor order = tensor(sweep.Order.Select(column => (long)column).ToArray());
        Tensor diagonal = sweep.Factor.diagonal().square();
        Tensor weights = empty_like(diagonal).index_copy_(0, order, diagonal);
        return weights / weights.mean();
    }
}
