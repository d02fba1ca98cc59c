using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer;

[NoTensorLeaks]
public sealed class ResumeTests
{
    [Fact]
    public void Resume_FromTheStatesBeforeALayer_EndsAsTheWholePass()
    {
        using DecoderModel model = GoldenModel.Load(SharedFiles.Require("golden/arch/llama-bias"));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor([5L, 17, 250, 3, 99, 42, 7, 128]).view(2, 4);
        using var tap = new LayerStates();
        Tensor whole = model.Hidden(ids, tap: tap);

        for (int layer = 1; layer < model.Config.Layers; layer++)
        {
            Tensor states = tap.Before(layer);
            Tensor before = states.clone();
            Assert.True(model.Resume(layer, states).allclose(whole, rtol: 0, atol: 1e-6), $"layer {layer}");
            Assert.True(states.eq(before).all().item<bool>());
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(99)]
    public void Resume_AtNoLayer_Throws(int layer)
    {
        using DecoderModel model = GoldenModel.Load(SharedFiles.Require("golden/arch/llama-bias"));
        using Tensor states = zeros(1, 4, model.Config.HiddenSize);

        Assert.Throws<ArgumentOutOfRangeException>(() => model.Resume(layer, states));
    }
}
