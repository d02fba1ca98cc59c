using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer;

[NoTensorLeaks]
public sealed class TokenTreeTests
{
    private static readonly long[] Trunk = [5, 17, 250, 3];
    private static readonly long[][] Branches = [[99, 42, 7], [99, 42, 11, 64], [128]];

    [Theory]
    [InlineData("llama-tied", false)]
    [InlineData("llama-bias", false)]
    [InlineData("llama-bias", true)]
    public void Hidden_OfATree_GivesEveryBranchTheLogitsItHasAlone(string name, bool latent)
    {
        using DecoderModel dense = GoldenModel.Load(SharedFiles.Require($"golden/arch/{name}"));
        using DecoderModel model = dense.WithMatrices(slot => latent && slot.Kind == WeightSlotKind.KeyValue
            ? FactorMatrix.Random(slot.Matrix.Rows, 5, slot.Matrix.Columns, 7)
            : new DenseMatrix(slot.Matrix.Materialize()));
        using var cache = new KvCache(model);
        GoldenModel.Forward(model, Trunk, cache);
        var tree = new TokenTree();
        int end = tree.AddChain(-1, Trunk.Length);
        foreach (long[] branch in Branches)
        {
            tree.AddChain(end, branch.Length);
        }

        float[] together = Forward(model, [.. Branches.SelectMany(branch => branch)], cache, tree);
        float[] alone =
        [
            .. Branches.SelectMany(branch => GoldenModel.Forward(model, [.. Trunk, .. branch])
                .Skip(Trunk.Length * model.Config.VocabularySize)),
        ];
        Assert.InRange(GoldenModel.LargestDifference(alone, together), 0, 1e-4f);
    }

    [Fact]
    public void Hidden_OfATreeWithoutCache_GivesTheLogitsOfEachText()
    {
        using DecoderModel model = GoldenModel.Load(SharedFiles.Require("golden/arch/llama-tied"));
        var tree = new TokenTree();
        tree.AddChain(-1, 3);
        tree.AddChain(-1, 4);
        float[] together = Forward(model, [.. Branches[0], .. Branches[1]], null, tree);
        float[] alone = [.. GoldenModel.Forward(model, Branches[0]), .. GoldenModel.Forward(model, Branches[1])];
        Assert.InRange(GoldenModel.LargestDifference(alone, together), 0, 1e-4f);
    }

    [Fact]
    public void Truncate_AfterABranch_LetsAnotherFollow()
    {
        using DecoderModel model = GoldenModel.Load(SharedFiles.Require("golden/arch/llama-tied"));
        using var cache = new KvCache(model);
        GoldenModel.Forward(model, [.. Trunk, .. Branches[0]], cache);
        cache.Truncate(Trunk.Length);
        float[] after = GoldenModel.Forward(model, Branches[1], cache);
        float[] alone = GoldenModel.Forward(model, [.. Trunk, .. Branches[1]]);
        Assert.InRange(GoldenModel.LargestDifference(alone[^after.Length..], after), 0, 1e-4f);
        Assert.Equal(Trunk.Length + Branches[1].Length, cache.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Truncate(cache.Length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Truncate(-1));
    }

    [Fact]
    public void Hidden_WithATreeOfAnotherSize_IsRefused()
    {
        using DecoderModel model = GoldenModel.Load(SharedFiles.Require("golden/arch/llama-tied"));
        var tree = new TokenTree();
        tree.AddChain(-1, 2);
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => model.Hidden(tensor(Trunk).unsqueeze(0), tree: tree));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Add(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Add(-2));
    }

    private static float[] Forward(DecoderModel model, long[] ids, KvCache? cache, TokenTree tree)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor hidden = model.Hidden(tensor(ids).unsqueeze(0), cache, tree: tree);
        return model.Logits(hidden).data<float>().ToArray();
    }
}
