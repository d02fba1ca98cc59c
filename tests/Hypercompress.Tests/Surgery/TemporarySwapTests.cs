using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Surgery;
using Hypercompress.Tests.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Surgery;

[NoTensorLeaks]
public sealed class TemporarySwapTests
{
    private const string Up = "model.layers.0.mlp.up_proj";
    private const string Down = "model.layers.1.mlp.down_proj";

    [Fact]
    public void Dispose_GivesEveryMatrixBack()
    {
        using DecoderModel model = SampleModel.Random(tied: true);
        WeightMatrix[] own = [.. model.Slots.Select(slot => slot.Matrix)];
        using var up = new DenseMatrix(zeros(24, 16));
        using var down = new DenseMatrix(zeros(16, 24));
        using (new TemporarySwap(model, [Entry(Up, up), Entry(Down, down)]))
        {
            Assert.Same(up, Slot(model, Up).Matrix);
            Assert.Same(down, Slot(model, Down).Matrix);
            Assert.Equal(own.Length - 2, model.Slots.Select(slot => slot.Matrix).Intersect(own).Count());
        }

        Assert.Equal(own, model.Slots.Select(slot => slot.Matrix));
    }

    [Fact]
    public void Dispose_OfSwapsInsideEachOther_GivesEveryMatrixBack()
    {
        using DecoderModel model = SampleModel.Random(tied: true);
        WeightMatrix own = Slot(model, Up).Matrix;
        using var first = new DenseMatrix(zeros(24, 16));
        using var second = new DenseMatrix(zeros(24, 16));
        using (new TemporarySwap(model, Up, first))
        {
            using (new TemporarySwap(model, [Entry(Up, second), Entry(Up, first)]))
            {
                Assert.Same(first, Slot(model, Up).Matrix);
            }

            Assert.Same(first, Slot(model, Up).Matrix);
        }

        Assert.Same(own, Slot(model, Up).Matrix);
    }

    [Theory]
    [InlineData("model.layers.9.mlp.up_proj")]
    [InlineData(Down)]
    public void Constructor_WithAnUnknownSlotOrAnotherShape_ThrowsAndLeavesTheModelAsItWas(string second)
    {
        using DecoderModel model = SampleModel.Random(tied: true);
        WeightMatrix[] own = [.. model.Slots.Select(slot => slot.Matrix)];
        using var matrix = new DenseMatrix(zeros(24, 16));
        Assert.Throws<ArgumentException>(() => new TemporarySwap(model, [Entry(Up, matrix), Entry(second, matrix)]));
        Assert.Equal(own, model.Slots.Select(slot => slot.Matrix));
    }

    private static KeyValuePair<string, WeightMatrix> Entry(string name, WeightMatrix matrix) => new(name, matrix);

    private static WeightSlot Slot(DecoderModel model, string name) => model.Slots.Single(slot => slot.Name == name);
}
