using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer;

[Collection<AloneCollection>]
public sealed class StreamedModelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void Forward_WeightsInTheFile_GivesTheNumbersOfWeightsInMemory(long poolBytes)
    {
        using var folder = new ScratchFolder();
        using ModelPackage package = ModelPackage.Open(TinyCheckpoint.Write(folder.Of("model")));
        using LanguageModel held = LanguageModel.Load(package);
        using LanguageModel streamed = LanguageModel.LoadStreamed(package);
        using IDisposable limit = TensorPool.Shared.Limit(poolBytes);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor(new long[] { 5, 9, 3, 17, 2, 8 }).view(2, 3);
        Assert.True(Same(held.Decoder.Forward(ids), streamed.Decoder.Forward(ids)));
        Assert.Equal(held.Decoder.ParameterCount, streamed.Decoder.ParameterCount);
    }

    [Fact]
    public void Materialize_FromSeveralThreads_GivesTheStoredWeights()
    {
        using var folder = new ScratchFolder();
        using ModelPackage package = ModelPackage.Open(TinyCheckpoint.Write(folder.Of("model"), tied: false));
        using LanguageModel held = LanguageModel.Load(package);
        using LanguageModel streamed = LanguageModel.LoadStreamed(package);
        using IDisposable limit = TensorPool.Shared.Limit(0);
        (WeightSlot, WeightSlot)[] pairs = [.. held.Decoder.Slots.Zip(streamed.Decoder.Slots)];
        Parallel.For(0, 4 * pairs.Length, i =>
        {
            (WeightSlot expected, WeightSlot found) = pairs[i % pairs.Length];
            using Tensor wanted = expected.Matrix.Materialize();
            using Tensor read = found.Matrix.Materialize();
            Assert.True(Same(wanted, read), found.Name);
        });
    }

    private static bool Same(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return one.eq(other).all().item<bool>();
    }
}
