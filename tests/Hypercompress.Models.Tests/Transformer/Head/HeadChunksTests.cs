using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer.Head;

[NoTensorLeaks]
public sealed class HeadChunksTests
{
    [Fact]
    public void Cut_OfALargeVocabulary_CoversEveryPositionOnceWithinTheBound()
    {
        Assert.Equal([new(0, 682), new(682, 682), new(1364, 636)], HeadChunks.Cut(2000, 49152));
        Assert.Equal([new(0, 1), new(1, 1)], HeadChunks.Cut(2, long.MaxValue));
    }

    [Fact]
    public void Cut_WithMostPositions_KeepsBothBounds()
    {
        Assert.Equal([new(0, 3), new(3, 3), new(6, 1)], HeadChunks.Cut(7, 100, most: 3));
        Assert.Equal([new(0, 128), new(128, 72)], HeadChunks.Cut(200, 1 << 18, most: 256));
        Assert.Empty(HeadChunks.Cut(0, 100));
    }

    [Fact]
    public void LogProbabilities_OfChunks_AreThoseOfTheWholePass()
    {
        using DecoderModel model = GoldenModel.Load(SharedFiles.Require("golden/arch/llama-bias"));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor([5L, 17, 250, 3, 99, 42, 7, 128]).view(1, 8);
        Tensor hidden = model.Hidden(ids);
        Tensor whole = model.Logits(hidden).squeeze(0).log_softmax(1);
        foreach (HeadChunk chunk in HeadChunks.Cut(8, model.Config.VocabularySize, most: 3))
        {
            Tensor part = chunk.LogProbabilities(model, hidden);
            Assert.Equal([chunk.Count, model.Config.VocabularySize], part.shape);
            Assert.True(part.allclose(chunk.Of(whole), rtol: 0, atol: 1e-5), $"from {chunk.Start}");
        }
    }
}
