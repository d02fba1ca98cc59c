using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Pipeline.Calibration;
using Hypercompress.Tests.Analysis;

namespace Hypercompress.Tests.Pipeline;

[NoTensorLeaks]
public sealed class FiniteWeightsTests
{
    [Fact]
    public void Require_NotANumber_NamesFileAndMatrix()
    {
        const string Broken = "model.layers.1.mlp.up_proj";
        using DecoderModel model = SampleModel.Random(tied: true, broken: Broken);
        var fault = Assert.Throws<NumericalException>(() => FiniteWeights.Require(model, "a.gguf"));
        Assert.Contains($"a.gguf: {Broken}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_Numbers_Accepts()
    {
        using DecoderModel model = SampleModel.Random(tied: false);
        FiniteWeights.Require(model, "a.gguf");
    }
}
