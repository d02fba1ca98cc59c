using Hypercompress.Branches.Registry;
using Hypercompress.Models.Packages;
using Hypercompress.Pipeline.Runs;

namespace Hypercompress.Tests.Pipeline.Runs;

public sealed class SelfWrittenTextTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Theory]
    [InlineData(100, 512, 512)]
    [InlineData(2048, 512, 512)]
    [InlineData(32 * 512, 512, 512)]
    [InlineData(33 * 512, 512, 1024)]
    [InlineData(65536, 512, 2048)]
    public void PassesFor_CountsRoundsOfSequencesThatAreWrittenTogether(long tokens, int length, long passes) =>
        Assert.Equal(passes, SelfWrittenText.PassesFor(tokens, length));

    [Fact]
    public void Write_SameSeed_GivesTheSameWholeSequences()
    {
        using ModelPackage package = ModelPackage.Open(tiny.Model);
        using var model = LanguageModel.Load(package);
        var reports = new List<(long Done, long All)>();

        int[] Write(int seed) => SelfWrittenText.Write(
            model, 400, 16, seed, (done, all) => reports.Add((done, all)), TestContext.Current.CancellationToken);
        int[] first = Write(1);

        Assert.Equal(400, first.Length);
        Assert.All(first, id => Assert.InRange(id, 0, model.Decoder.Config.VocabularySize - 1));
        Assert.Equal(first, Write(1));
        Assert.NotEqual(first, Write(2));
        Assert.Equal((400, 400), reports[15]);
    }

    [Fact]
    public void Compress_WithoutAnyText_WritesItsOwnAndSaysSo()
    {
        PipelineArtifacts made = tiny.Compress(
            new BranchRegistry(), "alone", [], "data.calibration=[]", "data.validation=[]");

        Assert.Contains(made.Report.Notes, note => note.Contains("wrote", StringComparison.Ordinal));
        Assert.Contains("own text", Assert.Single(made.Report.Evaluation.Texts).Teacher.File, StringComparison.Ordinal);
    }
}
