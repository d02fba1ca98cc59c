using System.Collections.Immutable;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Reporting.Quality;

namespace Hypercompress.Tests.Reporting.Quality;

public sealed class QualityReportTests
{
    private const long TeacherBytes = 269_030_016;

    [Theory]
    [InlineData(-0.01, "as good as the teacher")]
    [InlineData(0.03, "as good as the teacher")]
    [InlineData(0.031, "general")]
    [InlineData(0.3, "general")]
    [InlineData(0.31, "one domain")]
    [InlineData(1.2, "one domain")]
    [InlineData(1.3, "toy")]
    public void Of_LossGap_GivesTheClass(double gap, string name) =>
        Assert.Equal(name, QualityReport.Of(Scores(Text("a.txt", gap)), 1000, 100)!.Class);

    [Fact]
    public void Of_SeveralTexts_TakesTheOneWithTheLargestGap()
    {
        QualityReport quality = QualityReport.Of(Scores(Text("b/mild.txt", 0.1), Text("b/hard.txt", 0.4)), 1000, 100)!;

        Assert.Equal(("one domain", "hard.txt", 0.4), (quality.Class, quality.Text, quality.LossGap));
        Assert.Contains("49.2 % higher", quality.Sentence, StringComparison.Ordinal);
        Assert.Contains("the worst of 2 validation texts", quality.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.28, false)]
    [InlineData(0.2, true)]
    [InlineData(0.32, false)]
    public void Of_GapNearALimit_IsNotCertain(double gap, bool certain) =>
        Assert.Equal(certain, QualityReport.Of(Scores(Text("a.txt", gap, error: 0.02)), 1000, 100)!.Certain);

    [Fact]
    public void Of_NoText_IsNothing() => Assert.Null(QualityReport.Of(Scores(), 1000, 100));

    [Theory]
    [InlineData(19.77, "llama.cpp Q4_K_M")]
    [InlineData(20.49, "llama.cpp Q3_K_M")]
    [InlineData(22.65, "llama.cpp IQ3_XXS")]
    [InlineData(28.71, null)]
    public void Of_MeasuredTeacher_NamesTheBestPeerThatIsReached(double perplexity, string? peer)
    {
        QualityReport quality = QualityReport.Of(Scores(WikiText(perplexity)), TeacherBytes, 67_256_256)!;

        Assert.Equal(peer, quality.Peer?.Name);
        Assert.Equal(peer is not null, quality.Peer?.Sentence.Contains("67.3 MB", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void Of_OtherConditions_NamesNoPeer()
    {
        ComparisonResult text = WikiText(19.77);
        PerplexityResult teacher = text.Teacher;

        Assert.Null(Peer(text, TeacherBytes + 2));
        Assert.Null(Peer(text with { Teacher = teacher with { Window = 1024 } }, TeacherBytes));
        Assert.Null(Peer(text with { Teacher = teacher with { Tokens = 2047 } }, TeacherBytes));
        Assert.Null(Peer(text with { Teacher = teacher with { Perplexity = 19.3 } }, TeacherBytes));
        Assert.NotNull(Peer(text, TeacherBytes));
    }

    private static PeerMatch? Peer(ComparisonResult text, long teacherBytes) =>
        QualityReport.Of(Scores(text), teacherBytes, 67_256_256)!.Peer;

    private static EvaluationReport Scores(params ImmutableArray<ComparisonResult> texts) => new(texts);

    private static ComparisonResult WikiText(double perplexity) => Text("wiki.test.raw", Math.Log(perplexity / 19.23));

    private static ComparisonResult Text(string file, double gap, double error = 0.001)
    {
        PerplexityResult Result(double loss) =>
            new(file, "paper", 2048, Math.Exp(loss), loss, 0.01, 16_376, 0.5, 0.02);
        double teacher = Math.Log(19.23);
        return new ComparisonResult(Result(teacher), Result(teacher + gap), 0.1, 0.001, 0.9, 0.01, gap, error);
    }
}
