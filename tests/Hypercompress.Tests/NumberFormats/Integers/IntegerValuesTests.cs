using CsCheck;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;
using Hypercompress.NumberFormats.Registry;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.Integers;

public sealed class IntegerValuesTests
{
    [Fact]
    public void Value_HasTheHandComputedGradientOfItsScale()
    {
        using var scope = NewDisposeScope();
        var codes = tensor(new byte[] { 7, 4, 1 }, 1, 3);
        using var block = new IntegerValues(
            new IntegerFormat(3, 2, isAffine: false), codes, tensor(new[] { 0.5f, 2f }, 1, 2));
        foreach (var parameter in block.Parameters)
        {
            parameter.requires_grad = true;
        }

        var value = block.Value();
        value.sum().backward();

        Assert.Equal([1.5f, 0f, -6f], value.data<float>().ToArray());
        Assert.Equal([3f, -3f], block.Parameters.Single().grad!.data<float>().ToArray());
    }

    [Fact]
    public void Constructor_MalformedParts_Throws()
    {
        using var scope = NewDisposeScope();
        var symmetric = new IntegerFormat(4, 2, isAffine: false);
        var affine = new IntegerFormat(4, 2, isAffine: true);
        var codes = zeros(2, 3, dtype: ScalarType.Byte);
        var scales = ones(2, 2);

        Assert.Throws<ArgumentException>(() => new IntegerValues(symmetric, zeros(2, 3), scales));
        Assert.Throws<ArgumentException>(() => new IntegerValues(symmetric, codes, ones(2, 3)));
        Assert.Throws<ArgumentException>(() => new IntegerValues(symmetric, codes, scales, scales));
        Assert.Throws<ArgumentException>(() => new IntegerValues(affine, codes, scales));
        Assert.Throws<NumericalException>(() => new IntegerValues(symmetric, codes, scales * 1e6));
    }

    [Theory]
    [InlineData("int3-g7")]
    [InlineData("uint5-g16")]
    [NoTensorLeaks]
    public void Codes_AreThoseOfTheFile(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var block = IntegerFormat.TryParse(name)!.Encode(randn(4, 33, generator: generator));
        GroupCodes codes = block.Codes()!;
        var stored = block.Store("w").ToDictionary(tensor => tensor.Name, tensor => tensor.Value);

        Assert.Equal(stored["w.codes"].data<byte>().ToArray(), codes.Pack().data<byte>().ToArray());
        Assert.Equal(stored["w.scales"].bytes.ToArray(), codes.Scales.bytes.ToArray());
        Assert.Equal(stored.ContainsKey("w.minimums"), codes.Layout.IsAffine);
        Assert.Equal(codes.Layout.IsAffine, codes.Minimums is not null);
        GroupCodes part = codes.Slice(1, 2);
        Assert.Equal(codes.Codes.narrow(0, 1, 2).bytes.ToArray(), part.Codes.bytes.ToArray());
    }
}
