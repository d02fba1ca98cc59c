using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer.Weights;

[NoTensorLeaks]
public sealed class TensorPoolTests
{
    // Four float32 numbers each.
    private const long OneTensor = 16;

    [Fact]
    public void Get_Again_DoesNotMakeAgain()
    {
        var pool = new TensorPool(OneTensor);
        var owner = new object();
        int made = 0;
        for (int i = 0; i < 3; i++)
        {
            using Tensor value = pool.Get(owner, () => Numbers(++made));
            Assert.Equal(1, First(value));
        }

        pool.Drop(owner);
        Assert.Equal(0, pool.Bytes);
    }

    [Fact]
    public void Get_BeyondTheCapacity_ForgetsTheOneUsedLongestAgo()
    {
        var pool = new TensorPool(2 * OneTensor);
        object[] owners = [new(), new(), new()];
        List<int> made = [];
        foreach (int index in new[] { 0, 1, 0, 2, 0, 1 })
        {
            using Tensor value = pool.Get(owners[index], () =>
            {
                made.Add(index);
                return Numbers(index);
            });
            Assert.Equal(index, First(value));
            Assert.InRange(pool.Bytes, 0, 2 * OneTensor);
        }

        Assert.Equal([0, 1, 2, 1], made);
        Array.ForEach(owners, pool.Drop);
    }

    [Fact]
    public void Get_HandleOfATensorThatIsForgotten_KeepsItsNumbers()
    {
        var pool = new TensorPool(0);
        (object first, object second) = (new(), new());
        using Tensor value = pool.Get(first, () => Numbers(7));
        using Tensor other = pool.Get(second, () => Numbers(8));
        pool.Drop(second);
        Assert.Equal(7, First(value));
    }

    [Fact]
    public void Limit_Disposed_BringsTheOldOneBack()
    {
        var pool = new TensorPool(4 * OneTensor);
        object[] owners = [new(), new()];
        using (pool.Limit(OneTensor))
        {
            Array.ForEach(owners, owner => pool.Get(owner, () => Numbers(1)).Dispose());
            Assert.Equal(OneTensor, pool.Bytes);
        }

        Array.ForEach(owners, owner => pool.Get(owner, () => Numbers(1)).Dispose());
        Assert.Equal(2 * OneTensor, pool.Bytes);
        Array.ForEach(owners, pool.Drop);
    }

    [Fact]
    public void Limit_Negative_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorPool(0).Limit(-1));

    private static float First(Tensor value)
    {
        using Tensor first = value[0];
        return first.item<float>();
    }

    private static Tensor Numbers(float value) => full(4, value);
}
