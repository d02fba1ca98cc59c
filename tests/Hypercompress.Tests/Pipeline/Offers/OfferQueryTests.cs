using Hypercompress.Analysis;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;
using Hypercompress.Surgery;
using Hypercompress.Tests.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Pipeline.Offers;

[NoTensorLeaks]
public sealed class OfferQueryTests
{
    private const string Site = "model.layers.1.mlp.up_proj";

    // Squares of 1e-30 are 0 in float32.
    [Fact]
    public void Collect_WithAMatrixTooSmallForItsSquares_DropsOffersThatAreNotNumbersAndSaysSo()
    {
        using var scope = NewDisposeScope();
        using LanguageModel model = SampleModel.Load();
        DecoderModel teacher = model.Decoder;
        using var tiny = new DenseMatrix(teacher.Slots.Single(slot => slot.Name == Site).Matrix.Materialize() * 1e-29f);
        using var swap = new TemporarySwap(teacher, Site, tiny);
        using CalibrationStatistics statistics =
            new CalibrationPass(new CalibrationSettings()).Run(teacher, SampleModel.Windows(model.Tokenizer!, 16, 128));
        var observer = new RecordingObserver();
        var registry = new BranchRegistry();
        PipelineConfig config = new PipelineConfigReader(registry.Registrations).Defaults;
        CompressionBranch[] branches =
        [
            .. registry.Registrations.Select(known =>
                registry.Create(known.Name, config.Branches[known.Name], new BranchSettings())),
        ];

        var collector = new OfferCollector([.. branches], FloatFormat.Float32, ["*"], tied: true, threads: 1, total: 1);
        var sites = collector.Collect(
            [.. statistics.Sites.Where(site => site.Name == Site)],
            [],
            statistics,
            new PhaseProgress(Phase.Offers, observer, CancellationToken.None)).Sites;

        Assert.All(sites.SelectMany(site => site.Offers), offer => Assert.True(double.IsFinite(offer.PredictedError)));
        Assert.Contains(Assert.Single(sites).Offers, offer => offer.Branch == "quantization");
        Assert.Contains(observer.Events, line => line.Contains($"at {Site} were dropped", StringComparison.Ordinal));
    }
}
