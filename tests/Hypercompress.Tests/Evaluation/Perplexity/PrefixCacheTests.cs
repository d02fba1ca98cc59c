using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Surgery;
using Hypercompress.Tests.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Evaluation.Perplexity;

[NoTensorLeaks]
public sealed class PrefixCacheTests
{
    private const int Skip = 2;

    [Theory]
    [InlineData(true, "model.embed_tokens")]
    [InlineData(true, "model.layers.0.mlp.up_proj")]
    [InlineData(true, "model.layers.1.self_attn.kv_proj")]
    [InlineData(false, "model.layers.1.mlp.down_proj")]
    [InlineData(false, "lm_head")]
    public void Divergence_OfAChangedPlace_IsThatOfWholePasses(bool tied, string site)
    {
        using DecoderModel model = SampleModel.Random(tied);
        int[][] windows = SampleModel.RandomWindows(2, 12);
        using var cache = new PrefixCache(model, windows, Skip);
        WeightSlot slot = model.Slots.First(slot => slot.Name == site);
        using var scope = NewDisposeScope();
        Tensor own = slot.Matrix.Materialize();
        using var matrix = new DenseMatrix(own + (arange(own.NumberOfElements).sin().view(own.shape) * 0.05f));
        Tensor before = LogProbabilities(model, windows);

        using (new TemporarySwap(model, site, matrix))
        {
            Tensor after = LogProbabilities(model, windows);

            double divergence =
                cache.Divergence(
                model, slot.Layer ?? (slot.Kind == WeightSlotKind.Head ? model.Config.Layers - 1 : null));

            Assert.True(divergence > 1e-6);
            Assert.Equal((before.exp() * (before - after)).sum().item<float>() / cache.Positions, divergence, 1e-6);
        }

        Assert.Equal(20, cache.Positions);
        Assert.Equal(0, cache.Divergence(model, null), 1e-9);
        Assert.Equal(0, cache.Divergence(model, 1), 1e-9);
    }

    [Fact]
    public void Losses_AboveThemselves_AreZeroAndAboveOthersPaired()
    {
        var mine = new TokenLosses([[1, 2, 3], [4, 5]]);
        var its = new TokenLosses([[0.5, 1, 2], [3, 5], [9]]);

        Assert.Equal((0.0, 0.0), mine.ExcessOver(mine));
        Assert.Equal(3.5 / 5, mine.ExcessOver(its).Mean, 12);
        Assert.True(mine.ExcessOver(its).StandardError > 0);
        Assert.Equal(Math.Exp(3), mine.Perplexity, 9);
    }

    // float32 [batch · counted positions, vocabulary]
    private static Tensor LogProbabilities(DecoderModel model, int[][] windows)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids =
            tensor(windows.SelectMany(window => window).Select(id => (long)id).ToArray()).view(windows.Length, -1);
        Tensor logits = model.Forward(ids);
        return nn.functional.log_softmax(logits.narrow(1, Skip, logits.shape[1] - Skip).flatten(0, 1), 1)
            .MoveToOuterDisposeScope();
    }
}
