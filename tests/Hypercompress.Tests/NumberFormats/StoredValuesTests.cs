using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;
using Hypercompress.NumberFormats.Registry;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats;

public sealed class StoredValuesTests
{
    public static TheoryData<string> Formats => ["f32", "f16", "bf16", "int8-g16", "int3-g7", "uint4-g16", "uint8-g7"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Value_WhileParametersRequireGradients_PassesThemOn(string name)
    {
        using var scope = NewDisposeScope();
        using var block = Random(name);
        foreach (var parameter in block.Parameters)
        {
            parameter.requires_grad = true;
        }

        block.Value().square().sum().backward();

        Assert.All(block.Parameters, parameter => Assert.True(parameter.grad!.abs().sum().ToDouble() > 0));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    [NoTensorLeaks]
    public void Multiply_IsTheProductWithTheNumbers(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using var block = Random(name);
        var wide = randn(2, 3, 33, generator: generator);
        var narrow = randn(2, 3, 5, generator: generator);

        Assert.Equal(
            wide.matmul(block.Value().t()).data<float>().ToArray(), block.Multiply(wide).data<float>().ToArray());
        Assert.Equal(
            narrow.matmul(block.Value()).data<float>().ToArray(),
            block.MultiplyTransposed(narrow).data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Multiply_WhileParametersRequireGradients_PassesThemToParametersAndInput(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using var block = Random(name);
        var x = randn(3, 33, generator: generator).requires_grad_(true);
        foreach (var parameter in block.Parameters)
        {
            parameter.requires_grad = true;
        }

        var y = block.Multiply(x);
        (y.square().sum() + block.MultiplyTransposed(y).square().sum()).backward();

        Assert.All(block.Parameters, parameter => Assert.True(parameter.grad!.abs().sum().ToDouble() > 0));
        Assert.True(x.grad!.abs().sum().ToDouble() > 0);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Value_WithoutGradients_IsDecodedOnce(string name)
    {
        using var scope = NewDisposeScope();
        using var block = Random(name);

        Span<byte> first = block.Value().bytes;
        Span<byte> second = block.Value().bytes;

        Assert.True(Unsafe.AreSame(ref MemoryMarshal.GetReference(first), ref MemoryMarshal.GetReference(second)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void RoundToStored_AfterTraining_RoundsAndShowsTheNewNumbers(string name)
    {
        using var scope = NewDisposeScope();
        using var block = Random(name);
        float[] before = block.Value().data<float>().ToArray();
        foreach (var parameter in block.Parameters)
        {
            using (no_grad())
            {
                parameter.mul_(1.2345678f);
            }
        }

        block.RoundToStored();
        float[] after = block.Value().data<float>().ToArray();
        block.RoundToStored();
        using var source = new InMemoryTensorSource(block.Store("w"));
        using var read = block.Format.Read("w", 5, 33, source, InMemoryTensorSource.File);

        Assert.NotEqual(before, after);
        Assert.Equal(after, block.Value().data<float>().ToArray());
        Assert.Equal(after, read.Value().data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Scale_ByMinusAHalf_ScalesTheNumbers(string name)
    {
        using var scope = NewDisposeScope();
        using var block = Random(name);
        var expected = block.Value() * -0.5f;

        block.Scale(-0.5);

        // Exact but for scales that were the smallest float16 already.
        Assert.True(block.Value().allclose(expected, rtol: 1e-6, atol: 1e-6));
    }

    [Theory]
    [InlineData("f16")]
    [InlineData("int8-g16")]
    [InlineData("uint4-g16")]
    public void Scale_BeyondTheStoredType_Throws(string name)
    {
        using var scope = NewDisposeScope();
        using var block = Random(name);

        Assert.Throws<NumericalException>(() => block.Scale(1e9));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Scale(double.NaN));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void MoveTo_TheSameDevice_KeepsNumbersAndTraining(string name)
    {
        using var block = Random(name);
        float[] before = block.Value().data<float>().ToArray();
        block.Parameters.First().requires_grad = true;
        using (NewDisposeScope())
        {
            block.MoveTo(CPU);
        }

        using var scope = NewDisposeScope();
        Assert.True(block.Parameters.First().requires_grad);
        Assert.Equal(before, block.Value().data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Dispose_AfterEverything_LeavesNoTensorBehind(string name)
    {
        using var generator = new Generator(1);
        using var values = randn(5, 33, generator: generator);
        var format = NumberFormatRegistry.Standard.Parse(name);

        TensorLeaks.AssertNone(() => UseAll(values, format));
    }

    private static void UseAll(Tensor values, ValueFormat format)
    {
        using var scope = NewDisposeScope();
        using var block = format.Encode(values);
        block.Value();
        block.Value();
        block.RoundToStored();
        block.Scale(2);
        block.Value();
        block.MoveTo(CPU);
        using var source = new InMemoryTensorSource(block.Store("w"));
        using var read = format.Read("w", block.Rows, block.Columns, source, InMemoryTensorSource.File);
        read.Value();
    }

    private static StoredValues Random(string name)
    {
        using var generator = new Generator(11);
        using var values = randn(5, 33, generator: generator);
        return NumberFormatRegistry.Standard.Parse(name).Encode(values);
    }
}
