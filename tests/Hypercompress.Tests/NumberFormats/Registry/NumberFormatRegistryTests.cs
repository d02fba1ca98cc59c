using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;

namespace Hypercompress.Tests.NumberFormats.Registry;

public sealed class NumberFormatRegistryTests
{
    [Theory]
    [InlineData("f32")]
    [InlineData("f16")]
    [InlineData("bf16")]
    [InlineData("int8-g64")]
    [InlineData("uint4-g64")]
    [InlineData("uint4z-g64")]
    [InlineData("ec0.05")]
    [InlineData("ec3.875")]
    [InlineData("ec10")]
    public void Parse_AName_GivesTheFormatOfThatName(string name)
    {
        ValueFormat format = NumberFormatRegistry.Standard.Parse(name);

        Assert.Equal(name, format.Name);
        Assert.Equal(name, format.ToString());
        Assert.Equal(format, NumberFormatRegistry.Standard.Parse(name));
    }

    [Theory]
    [InlineData("int9-g4")]
    [InlineData("int1-g4")]
    [InlineData("int4-g0")]
    [InlineData("int 4-g8")]
    [InlineData("int+4-g8")]
    [InlineData("int4-g-8")]
    [InlineData("ec")]
    [InlineData("ec0.049")]
    [InlineData("ec10.001")]
    [InlineData("ec2.7501")]
    [InlineData("ec-1")]
    [InlineData("ec79228162514264337593543950335")]
    [InlineData("q4")]
    [InlineData("")]
    public void Parse_OfAnotherText_Throws(string name)
    {
        var thrown = Assert.Throws<FormatException>(() => NumberFormatRegistry.Standard.Parse(name));
        Assert.Contains($"'{name}' is not a number format", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("f32, f16, bf16, int8-g64", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_AnotherKind_ParsesItsNamesToo()
    {
        NumberFormatRegistry registry = NumberFormatRegistry.Standard.With(
            new NumberFormatRegistration("half", name => name == "half" ? FloatFormat.Float16 : null));

        Assert.Same(FloatFormat.Float16, registry.Parse("half"));
        Assert.Equal("int8-g64", registry.Parse("int8-g64").Name);
        Assert.Throws<FormatException>(() => NumberFormatRegistry.Standard.Parse("half"));
    }
}
