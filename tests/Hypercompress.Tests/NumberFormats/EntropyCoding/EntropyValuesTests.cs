using System.Diagnostics;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.EntropyCoding;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.TestKit;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.EntropyCoding;

public sealed class EntropyValuesTests(ITestOutputHelper output)
{
    // A scalar quantizer with the best possible entropy code is 0.25 bits above the bound 2^(-2R), the trellis 0.05.
    [Theory]
    [InlineData("ec1", 0.06)]
    [InlineData("ec2", 0.065)]
    [InlineData("ec3", 0.065)]
    [InlineData("ec6", 0.065)]
    [InlineData("es1", 0.27)]
    [InlineData("es2", 0.27)]
    [InlineData("es6", 0.28)]
    public void Encode_GaussianValues_ComesNearTheRateDistortionBound(string format, double gap)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor values = randn(2048, 512, generator: generator);
        long started = Stopwatch.GetTimestamp();
        using StoredValues coded = EntropyFormat.TryParse(format)!.Encode(values);
        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s");
        double error = (coded.Value() - values).square().mean().item<float>();
        double rate = 8.0 * coded.StoredBytes / values.numel();
        output.WriteLine($"rate {rate:F3}, gap {rate + (0.5 * Math.Log2(error)):F4}");
        Assert.InRange(rate + (0.5 * Math.Log2(error)), 0, gap);
    }

    [Theory]
    [InlineData(1, 5000, "ec2.5")]
    [InlineData(3, 5, "ec0.05")]
    [InlineData(70, 40, "ec4")]
    [InlineData(2100, 7, "ec1.5")]
    [InlineData(1, 5000, "es2.5")]
    [InlineData(3, 5, "es0.05")]
    [InlineData(2100, 70, "es1.5")]
    [NoTensorLeaks]
    public void Store_AndRead_GivesTheSameNumbersInTheBytesOfTheFormat(long rows, long columns, string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        Tensor values = randn(rows, columns, generator: generator) * (randn(rows, 1, generator: generator) * 2).exp();
        EntropyFormat format = EntropyFormat.TryParse(name)!;
        using StoredValues coded = format.Encode(values, ones(columns));
        StoredTensor stored = Assert.Single(coded.Store("block"));
        Assert.Equal(format.StoredBytes(rows, columns), stored.Value.numel());
        Assert.Equal(coded.StoredBytes, stored.Value.numel());
        using var source = new InMemoryTensorSource([stored]);
        using StoredValues read = format.Read("block", rows, columns, source, "file");
        Assert.True(read.Value().equal(coded.Value()).all().item<bool>());
        Assert.Equal(format, NumberFormatRegistry.Standard.Parse(name));
        Assert.Equal(name, format.Name);
    }

    [Fact]
    public void Encode_Zeros_ReturnsZeros()
    {
        using var scope = NewDisposeScope();
        using StoredValues coded = new EntropyFormat(1000).Encode(zeros(8, 8));
        Assert.Equal(0, coded.Value().abs().sum().item<float>());
    }

    [Fact]
    public void Scale_ByAFactor_ScalesTheNumbers()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using StoredValues coded = new EntropyFormat(3000).Encode(randn(30, 20, generator: generator));
        Tensor before = coded.Value().clone();
        coded.Scale(0.25);
        Assert.True(coded.Value().allclose(before * 0.25f));
        Assert.Throws<ArgumentOutOfRangeException>(() => coded.Scale(-1));
    }

    [Fact]
    public void Read_AfterAnyByteWasChanged_IsATypedErrorOrNumbers()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var format = new EntropyFormat(2000);
        using StoredValues coded = format.Encode(randn(40, 30, generator: generator));
        byte[] stream = Assert.Single(coded.Store("block")).Value.bytes.ToArray();
        int refused = 0;
        for (int place = 0; place < stream.Length; place++)
        {
            byte[] changed = [.. stream];
            changed[place] ^= (byte)(1 << (place % 8));
            using var inner = NewDisposeScope();
            using var source = new InMemoryTensorSource([new StoredTensor("block.coded", tensor(changed))]);
            try
            {
                using StoredValues read = format.Read("block", 40, 30, source, "file");
                Assert.Equal([40, 30], read.Value().shape);
            }
            catch (CheckpointException)
            {
                refused++;
            }
        }

        Assert.True(refused > 10);
    }
}
