using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer.Weights;

public sealed class LinearProductTests
{
    [Fact]
    [NoTensorLeaks]
    public void Of_WhileFactorsAreRounded_GivesValuesAndGradientsOfRoundedFactors()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor x = randn(3, 40, generator: generator).requires_grad_(true);
        Tensor weight = randn(7, 40, generator: generator).requires_grad_(true);
        using (LinearProduct.Rounding(ScalarType.BFloat16))
        {
            Tensor found = LinearProduct.Of(x, weight);
            Tensor rounded = nn.functional.linear(Rounded(x), Rounded(weight));
            Assert.Equal(ScalarType.Float32, found.dtype);
            Assert.True(found.allclose(rounded, rtol: 0.01, atol: 1e-3));
            Assert.False(found.allclose(nn.functional.linear(x, weight), rtol: 1e-6, atol: 1e-6));
            found.sum().backward();
        }

        Assert.True(x.grad!.allclose(Rounded(weight).sum(dim: 0).expand(3, 40), rtol: 0.01, atol: 0.02));
        Assert.True(weight.grad!.allclose(Rounded(x).sum(dim: 0).expand(7, 40), rtol: 0.01, atol: 0.02));
    }

    [Fact]
    [NoTensorLeaks]
    public void Rounding_InsideAnother_EndsWithItsOwn()
    {
        using var scope = NewDisposeScope();
        Tensor x = full(1, 1, 1 + Math.Pow(2, -12));
        Tensor weight = ones(1, 1);
        float Product() => LinearProduct.Of(x, weight).item<float>();
        using (LinearProduct.Rounding(ScalarType.BFloat16))
        {
            Assert.Equal(1, Product());
            using (LinearProduct.Rounding(null))
            {
                Assert.NotEqual(1, Product());
            }

            Assert.Equal(1, Product());
        }

        Assert.NotEqual(1, Product());
    }

    private static Tensor Rounded(Tensor values) => values.to(ScalarType.BFloat16).to(ScalarType.Float32);
}
