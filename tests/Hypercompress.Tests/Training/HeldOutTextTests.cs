using System.Collections.Immutable;
using Hypercompress.TestKit;
using Hypercompress.Training;

namespace Hypercompress.Tests.Training;

[NoTensorLeaks]
public sealed class HeldOutTextTests
{
    private const int Length = 16;

    [Fact]
    public void Measure_SeveralTexts_CountsWindowsOfAll()
    {
        using var model = TinyDecoder.Create(1);
        ImmutableArray<int> first = TinyDecoder.Text(400, 1);
        ImmutableArray<int> second = TinyDecoder.Text(400, 2);

        double Loss(int windows, params ImmutableArray<int>[] texts)
        {
            var options = new TrainingOptions { SequenceLength = Length, ValidationTokens = windows * Length };
            using var heldOut = HeldOutText.From([.. texts], options);
            return Math.Log(heldOut!.Measure(model).Perplexity);
        }

        Assert.Equal((Loss(2, first) + Loss(2, second)) / 2, Loss(4, first, second), 5);
        Assert.NotEqual(Loss(4, first), Loss(4, first, second), 3);

        // The second text has one window only.
        Assert.Equal(
            ((3 * Loss(3, first)) + Loss(1, second)) / 4, Loss(4, first, second[..(Length + 3)]), 5);
    }

    [Fact]
    public void From_NoWindow_IsNull() =>
        Assert.Null(HeldOutText.From([[7], []], new TrainingOptions { SequenceLength = Length }));
}
