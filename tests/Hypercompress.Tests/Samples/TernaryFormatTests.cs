using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Ternary;
using Hypercompress.Tests.Architecture;
using Hypercompress.Tests.Pipeline;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Samples;

/// <summary>A number format that the library does not know, from its folder alone.</summary>
public sealed class TernaryFormatTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private static readonly BranchRegistry Registry = new BranchRegistry().With(TernaryFormat.Registration);

    [Fact]
    public void Encode_WritesHandComputedCodes()
    {
        using var scope = NewDisposeScope();

        // The best two of 1, 3 and 5 have mean 4 and gain 8²/2 = 32, the best three 9²/3 = 27, the best one 25.
        var values = tensor(new[] { 3f, -1f, -5f, 2f, 2f, -2f }, 1, 6);
        using StoredValues block = new TernaryFormat(3).Encode(values);
        var stored = block.Store("w").ToDictionary(tensor => tensor.Name, tensor => tensor.Value);

        Assert.Equal([4f, 0f, -4f, 2f, 2f, -2f], block.Value().data<float>().ToArray());
        Assert.Equal([4f, 2f], stored["w.scales"].to(ScalarType.Float32).data<float>().ToArray());

        // Digits 2, 1, 0, 2, 2 and 0, of which the first has the lowest place.
        Assert.Equal([2 + 3 + 0 + 54 + 162, 0], stored["w.trits"].data<byte>().ToArray().Select(value => (int)value));
    }

    [Fact]
    public void Encode_WithColumnWeights_LowersTheWeightedError()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        Tensor values = randn(16, 70, generator: generator);
        Tensor weights = randn(70, generator: generator).mul_(2).exp_();
        var format = new TernaryFormat(32);
        using StoredValues plain = format.Encode(values);
        using StoredValues weighted = format.Encode(values, weights);

        double Cost(StoredValues block) => ((block.Value() - values).pow(2) * weights).sum().item<float>();
        Assert.True(Cost(weighted) < 0.95 * Cost(plain), $"{Cost(weighted)} against {Cost(plain)}");
    }

    [Theory]
    [InlineData(1, 1, 64)]
    [InlineData(3, 70, 64)]
    [InlineData(5, 33, 8)]
    [InlineData(4, 0, 8)]
    [NoTensorLeaks]
    public void Store_AndRead_GivesTheSameNumbersInTheBytesOfTheFormat(long rows, long columns, int group)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        ValueFormat format = Registry.Formats.Parse($"ternary-g{group}");
        using StoredValues block = format.Encode(randn(rows, columns, generator: generator));
        using var source = new InMemoryTensorSource(block.Store("w"));
        using StoredValues read = format.Read("w", rows, columns, source, InMemoryTensorSource.File);

        Assert.Equal(format.StoredBytes(rows, columns), source.TotalBytes);
        Assert.Equal(block.StoredBytes, source.TotalBytes);
        Assert.True(block.Value().equal(read.Value()).all().item<bool>());
        Assert.Equal(rows * columns == 0, source.Tensors.Count == 0);
    }

    [Fact]
    public void Read_OfAByteThatIsNotFiveDigits_Throws()
    {
        using var scope = NewDisposeScope();
        var format = new TernaryFormat(8);
        using StoredValues block = format.Encode(ones(2, 10));
        using InMemoryTensorSource source = new InMemoryTensorSource(block.Store("w"))
            .With("w.trits", full(2, 2, 243, dtype: ScalarType.Byte));

        var thrown = Assert.Throws<CheckpointException>(
            () => format.Read("w", 2, 10, source, InMemoryTensorSource.File));
        Assert.Contains("w.trits", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_WhileScalesRequireGradients_PassesThemOn()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using StoredValues block = new TernaryFormat(8).Encode(randn(4, 20, generator: generator));
        Assert.Single(block.Parameters).requires_grad = true;

        block.Multiply(randn(3, 20, generator: generator)).square().sum().backward();

        Assert.True(block.Parameters.Single().grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Codes_AreTheSameNumbersInTwoBits()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using StoredValues block = new TernaryFormat(8).Encode(randn(4, 20, generator: generator));
        GroupCodes codes = block.Codes()!;
        Tensor spread = codes.Scales.to(ScalarType.Float32).repeat_interleave(8, 1).narrow(1, 0, 20);

        Assert.Equal(new CodeLayout(2, 8, IsAffine: false), codes.Layout);
        Assert.True(((codes.Codes.to(ScalarType.Float32) - 2) * spread).equal(block.Value()).all().item<bool>());
    }

    [Theory]
    [InlineData("ternary-g0")]
    [InlineData("ternary-g-8")]
    [InlineData("ternary")]
    public void Parse_OfAnotherText_Throws(string name)
    {
        var thrown = Assert.Throws<FormatException>(() => Registry.Formats.Parse(name));
        Assert.Contains("ternary-g64", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => NumberFormatRegistry.Standard.Parse("ternary-g64"));
    }

    [Fact]
    public void Pipeline_WithTheFormat_WritesItAndReadsItBack()
    {
        PipelineArtifacts made = tiny.Compress(
            Registry,
            "ternary",
            [],
            "mode=quantization",
            "branches.quantization.entropy_coding=false",
            "branches.quantization.formats=[int8-g16,ternary-g16]",
            "targets.compression_ratio=4.9");

        Assert.InRange(made.Report.CompressionRatio, 4.9, 4.95);
        Assert.Contains(made.Report.Sites, site => site.Form.Contains("ternary-g16", StringComparison.Ordinal));
        FormCatalog catalog = Registry.CreateCatalog();
        Assert.All(new ArtifactVerifier(catalog).Verify(made.Folder), check => Assert.True(check.Ok, check.Detail));
        using (OpenModel opened = OpenModel.Open(made.Folder, catalog))
        {
            Assert.Contains(
                opened.Model.Decoder.Slots, slot => slot.Matrix is DenseForm { Values: TernaryValues });
        }

        var failure = Assert.Throws<CheckpointException>(
            () => OpenModel.Open(made.Folder, new BranchRegistry().CreateCatalog()).Dispose());
        Assert.Contains("'ternary-g16' is not a number format", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pipeline_WithAnUnknownFormat_NamesTheKey()
    {
        var failure = Assert.Throws<ConfigurationException>(() => tiny.Compress(
            new BranchRegistry(), "unknown", [], "branches.quantization.formats=[ternary-g16]"));
        Assert.Contains("branches.quantization.formats: 'ternary-g16'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_DoesNotKnowTheFormat() => Assert.DoesNotContain(
        SourceTree.Read("src", "*.*"), file => file.Text.Contains("ternary-g", StringComparison.Ordinal));
}
