using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer;

internal sealed class RecordingTap : IForwardTap
{
    public List<string> Events { get; } = [];

    public List<double> LayerNorms { get; } = [];

    public void OnApplied(WeightSlot slot, Tensor input, Tensor output)
    {
        using var scope = NewDisposeScope();
        Assert.Equal([.. input.shape[..^1], slot.Matrix.Rows], output.shape);
        Assert.Equal(slot.Matrix.Columns, input.shape[^1]);
        Tensor again = slot.Matrix.Apply(input);
        Assert.True(allclose(again, output, 1e-4, 1e-5), slot.Name);
        Events.Add(slot.Name);
    }

    public void OnGathered(WeightSlot slot, Tensor ids, Tensor output) => Events.Add("gather " + slot.Name);

    public void OnLayer(int layer, Tensor hidden)
    {
        using Tensor norm = hidden.norm();
        LayerNorms.Add(norm.item<float>());
        Events.Add($"layer {layer}");
    }
}
