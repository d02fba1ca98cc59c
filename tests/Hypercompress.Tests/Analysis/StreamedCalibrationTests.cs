using Hypercompress.Analysis;
using Hypercompress.Models.Packages;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis;

[NoTensorLeaks]
public sealed class StreamedCalibrationTests
{
    [Fact]
    public void Run_WeightsInTheFile_GivesTheStatisticsOfWeightsInMemory()
    {
        using var folder = new ScratchFolder();
        using ModelPackage package = ModelPackage.Open(TinyCheckpoint.Write(folder.Of("model")));
        using LanguageModel held = LanguageModel.Load(package);
        using LanguageModel streamed = LanguageModel.LoadStreamed(package);
        int[][] windows = SampleModel.RandomWindows(6, 40);
        var settings = new CalibrationSettings { FisherTokens = 120, FisherWindow = 40 };
        using CalibrationStatistics expected = new CalibrationPass(settings).Run(held.Decoder, windows);
        using CalibrationStatistics found = new CalibrationPass(settings).Run(streamed.Decoder, windows);
        foreach (Site site in expected.Sites)
        {
            using SiteProblem one = expected.Pose(site);
            using SiteProblem other = found.Pose(site);
            Assert.True(Same(one.Target, other.Target), site.Name);
            Assert.True(Same(one.Inputs.Moment, other.Inputs.Moment), site.Name);
            Assert.True(Same(one.OutputWeights, other.OutputWeights), site.Name);
        }
    }

    private static bool Same(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return one.eq(other).all().item<bool>();
    }
}
