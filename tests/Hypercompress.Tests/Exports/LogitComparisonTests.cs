using Hypercompress.Exports;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Tests.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports;

[NoTensorLeaks]
public sealed class LogitComparisonTests
{
    // Rounding to 16 bits moves logits by a share of their size; a head a thousand times as large has logits of that
    // size.
    [Fact]
    public void ToleranceOf_SixteenBits_GrowsWithTheLogits()
    {
        using DecoderModel small = SampleModel.Random(tied: false);
        using DecoderModel large = small.WithMatrices(slot =>
        {
            using var scope = NewDisposeScope();
            Tensor values = slot.Matrix.Materialize();
            return new DenseMatrix(
                (slot.Kind == WeightSlotKind.Head ? values * 1000 : values.clone()).DetachFromDisposeScope());
        });
        using DecoderModel rounded = large.WithMatrices(slot =>
        {
            using var scope = NewDisposeScope();
            Tensor values = slot.Matrix.Materialize().to(ScalarType.BFloat16).to(ScalarType.Float32);
            return new DenseMatrix(values.DetachFromDisposeScope());
        });

        double plain = LogitComparison.ToleranceOf(ScalarType.Float16, small);
        double grown = LogitComparison.ToleranceOf(ScalarType.Float16, large);
        double difference = LogitComparison.Largest(large, ids => rounded.Forward(ids));
        Assert.InRange(grown, 2 * plain, 1000 * plain);
        Assert.InRange(difference, plain, grown);
        Assert.Equal(LogitComparison.SingleTolerance, LogitComparison.ToleranceOf(ScalarType.Float32, large));
    }
}
