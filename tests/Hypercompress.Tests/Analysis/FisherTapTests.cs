using Hypercompress.Analysis;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.TestKit;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis;

public sealed class FisherTapTests
{
    private const string Site = "model.layers.0.mlp.up_proj";

    // Gradients (2, 0) at the first position, (1, 0) and (1, 2) behind it: mean squares (1, 2) behind it, and the first costs
    // 4 / 1 and 0 / 2 times as much.
    [Fact]
    [NoTensorLeaks]
    public void SinkWeight_OfTheFirstPosition_IsThatByHand()
    {
        using var scope = NewDisposeScope();
        using var tap = new FisherTap(skipPositions: 0);
        Watch(tap, tensor(new[] { 2f, 0, 1, 0, 1, 2 }).view(1, 3, 2));
        Tensor weights = tap.MeanSquares(Site);
        Assert.Equal([1.0, 2.0], weights.data<double>().ToArray());
        Assert.Equal(2, tap.SinkWeight(Site, weights), 12);
    }

    // Nothing is told apart in a window of one token, nor where first positions do not count.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 3)]
    public void SinkWeight_WithoutPositionsToTellApart_IsOne(int skipPositions, int tokens)
    {
        using var scope = NewDisposeScope();
        using var tap = new FisherTap(skipPositions);
        Watch(tap, ones(1, tokens, 2) * 3);
        Assert.Equal([9.0, 9.0], tap.MeanSquares(Site).data<double>().ToArray());
        Assert.Equal(1, tap.SinkWeight(Site, tap.MeanSquares(Site)));
    }

    // One vector (1, 0) at a first position, (0, 1) behind it; the first counts three times.
    [Fact]
    [NoTensorLeaks]
    public void Weigh_TheFirstPosition_CountsItSoManyTimes()
    {
        using var scope = NewDisposeScope();
        using var sum = new MomentSum(2, CPU);
        sum.Add(eye(2));
        using Tensor weighed = InputPass.Weigh(sum, eye(2).narrow(0, 0, 1), 3);
        Assert.Equal([1.5, 0, 0, 0.5], weighed.data<double>().ToArray());
        using Tensor plain = InputPass.Weigh(sum, null, 3);
        Assert.Equal([0.5, 0, 0, 0.5], plain.data<double>().ToArray());
    }

    private static void Watch(FisherTap tap, Tensor gradient)
    {
        using var grad = enable_grad();
        using DenseForm matrix = DenseForm.From(eye(2), ValueFormat.Float32);
        Tensor entered = zeros(gradient.shape);
        tap.OnGathered(new WeightSlot("model.embed_tokens", WeightSlotKind.Embedding, null, matrix), gradient, entered);
        Tensor output = entered * 1;
        tap.OnApplied(new WeightSlot(Site, WeightSlotKind.Linear, 0, matrix), entered, output);
        tap.Backward(output * 1, gradient);
    }
}
