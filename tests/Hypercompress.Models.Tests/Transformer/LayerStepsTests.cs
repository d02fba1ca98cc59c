using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer;

[NoTensorLeaks]
public sealed class LayerStepsTests
{
    [Theory]
    [InlineData("llama-bias")]
    [InlineData("gpt2")]
    [InlineData("gpt_neox")]
    [InlineData("gemma2")]
    [InlineData("olmo2")]
    [InlineData("mistral-sliding")]
    public void Advance_ThroughALayer_ShowsEachInputAndEndsAsTheLayer(string name)
    {
        using DecoderModel model = GoldenModel.Load(SharedFiles.Require($"golden/arch/{name}"));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor entered = model.Enter(tensor([5L, 17, 250, 3, 99, 42, 7, 128]).view(2, 4));
        using var tap = new InputsTap();
        Tensor left = model.RunLayer(1, entered, tap);

        using LayerSteps steps = model.BeginLayer(1, entered);
        int seen = 0;
        for (; !steps.IsDone; steps.Advance())
        {
            foreach (WeightSlot reader in steps.Readers)
            {
                Assert.True(tap.Inputs[reader.Name].allclose(steps.Input, rtol: 0, atol: 0), reader.Name);
                seen++;
            }
        }

        Assert.Equal(tap.Inputs.Count, seen);
        Assert.True(left.allclose(steps.Input, rtol: 0, atol: 0));
        Assert.Empty(steps.Readers);
        Assert.Throws<InvalidOperationException>(steps.Advance);
    }

    [Theory]
    [InlineData("llama-bias", true)]
    [InlineData("gpt_neox", false)]
    [InlineData("gemma2", false)]
    public void Stream_IsThereWhereAnOutputIsAddedAsItIs(string name, bool isAdded)
    {
        using DecoderModel model = GoldenModel.Load(SharedFiles.Require($"golden/arch/{name}"));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor entered = model.Enter(tensor([5L, 17, 250, 3]).view(1, 4));
        using LayerSteps steps = model.BeginLayer(0, entered);
        Assert.Null(steps.Stream);
        steps.Advance();
        Assert.Equal(isAdded, steps.Stream is { } stream && stream.allclose(entered, 0, 0));
        steps.Advance();
        Assert.Null(steps.Stream);
        steps.Advance();
        Assert.Equal(isAdded, steps.Stream is { } behind && !behind.allclose(entered, 0, 0));
    }

    private sealed class InputsTap : IForwardTap, IDisposable
    {
        public Dictionary<string, Tensor> Inputs { get; } = [];

        public void OnApplied(WeightSlot slot, Tensor input, Tensor output) =>
            Inputs.Add(slot.Name, input.clone().DetachFromDisposeScope());

        public void Dispose()
        {
            foreach (Tensor input in Inputs.Values)
            {
                input.Dispose();
            }
        }
    }
}
