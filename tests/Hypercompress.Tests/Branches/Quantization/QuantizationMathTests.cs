using Hypercompress.Branches.Quantization;

namespace Hypercompress.Tests.Branches.Quantization;

public sealed class QuantizationMathTests
{
    [Fact]
    public void Format_ByWidth_IsAffineFromSixBitsDown()
    {
        Assert.Equal("int8-g64", QuantizationMath.Format(8, 64).ToString());
        Assert.Equal("uint6-g32", QuantizationMath.Format(6, 32).ToString());
    }
}
