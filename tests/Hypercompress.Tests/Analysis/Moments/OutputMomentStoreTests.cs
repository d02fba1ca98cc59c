using Hypercompress.Analysis;
using Hypercompress.Analysis.Moments;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis.Moments;

public sealed class OutputMomentStoreTests
{
    [Fact]
    [NoTensorLeaks]
    public void Read_OfWhatWasAdded_IsTheSame()
    {
        using var scope = NewDisposeScope();
        using var store = new OutputMomentStore();
        Tensor small = eye(3, dtype: ScalarType.Float64) * 2;
        Tensor large = ones(5, 5, dtype: ScalarType.Float64);
        using (var first = new OutputMoment(small, small.diagonal(), shrinkage: 0.3))
        using (var second = new OutputMoment(large, large.diagonal(), shrinkage: 0.3))
        {
            store.Add("small", first);
            store.Add("large", second);
        }

        using OutputMoment? readLarge = store.Read("large");
        using OutputMoment? readSmall = store.Read("small");
        Assert.True(readSmall!.Moment.equal(small).all().item<bool>());
        Assert.True(readLarge!.Moment.allclose((large * 0.7) + (eye(5, dtype: ScalarType.Float64) * 0.3)));
        Assert.Null(store.Read("another"));
    }
}
