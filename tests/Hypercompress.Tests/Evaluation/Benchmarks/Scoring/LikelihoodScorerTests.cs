using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Scoring;

[NoTensorLeaks]
public sealed class LikelihoodScorerTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(60)]
    public void Score_OfPackedDocuments_IsWhatEachSequenceGivesAlone(int shared)
    {
        using LanguageModel model = Model(11);
        var random = new Random(shared);
        int[] prompt = Draw(random, shared);
        IReadOnlyList<IReadOnlyList<ScoredSequence>> items =
        [
            .. Enumerable.Range(0, 40).Select(_ => Item(random, prompt)),
            [ScoredSequence.Of([.. prompt, 31], [Best(model.Decoder, [.. prompt, 31])], TinyCheckpoint.Context)],
        ];
        using var scorer = new LikelihoodScorer(model.Decoder);
        int done = 0;
        ImmutableArray<LikelihoodResult>[] results = scorer.Score(items, count => done += count).Single();

        Assert.Equal(41, done);
        Assert.All(items.Zip(results), pair => Assert.All(pair.First.Zip(pair.Second), one =>
        {
            (double logLikelihood, bool greedy) = Alone(model.Decoder, one.First);
            Assert.Equal(logLikelihood, one.Second.LogLikelihood, 1e-4);
            Assert.Equal(greedy, one.Second.IsGreedy);
        }));
        Assert.Contains(results.SelectMany(one => one), one => one.IsGreedy);
        Assert.Contains(results.SelectMany(one => one), one => !one.IsGreedy);
    }

    [Fact]
    public void Score_OfTwoModels_MeasuresTheirDistance()
    {
        using LanguageModel teacher = Model(11);
        using LanguageModel student = Model(12);
        var random = new Random(3);
        IReadOnlyList<IReadOnlyList<ScoredSequence>> items = [.. Enumerable.Range(0, 12).Select(_ => Item(random, []))];
        using var same = new LikelihoodScorer(teacher.Decoder, teacher.Decoder);
        using var other = new LikelihoodScorer(teacher.Decoder, student.Decoder);
        same.Score(items);
        ImmutableArray<ImmutableArray<LikelihoodResult>[]> results = other.Score(items);

        Assert.Equal(0, same.Distance.Divergence!.Mean, 1e-9);
        Assert.Equal(1, same.Distance.Agreement!.Mean);
        Assert.True(other.Distance.Divergence!.Mean > 0.001);
        Assert.InRange(other.Distance.Agreement!.Mean, 0, 0.9);
        Assert.NotEqual(results[0][0][0].LogLikelihood, results[1][0][0].LogLikelihood);
    }

    [Fact]
    public void Of_LongerThanTheModelReads_IsCutAtTheLeft()
    {
        ScoredSequence cut = ScoredSequence.Of([1, 2, 3, 4, 5], [6, 7], 4);
        Assert.Equal([3, 4, 5, 6, 7], cut.Ids);
        Assert.True(cut.Truncated);
        Assert.False(ScoredSequence.Of([1, 2, 3], [6, 7], 4).Truncated);
        Assert.Throws<ArgumentException>(() => ScoredSequence.Of([1], [2, 3, 4, 5, 6], 4));
        Assert.Throws<ArgumentException>(() => ScoredSequence.Of([1], [], 4));
    }

    private static ScoredSequence[] Item(Random random, int[] prompt)
    {
        int[] context = [.. prompt, .. Draw(random, random.Next(1, 12))];
        return [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            ScoredSequence.Of(context, Draw(random, random.Next(1, 3)), TinyCheckpoint.Context))];
    }

    private static int Best(DecoderModel model, long[] ids)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return (int)model.Forward(tensor(ids).unsqueeze(0))[0, -1].argmax().item<long>();
    }

    // Few different tokens, so that documents share more than their prompt.
    private static int[] Draw(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(30, 36))];

    private static (double LogLikelihood, bool Greedy) Alone(DecoderModel model, ScoredSequence sequence)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long[] ids = [.. sequence.Ids.Select(id => (long)id)];
        Tensor scores = nn.functional.log_softmax(model.Forward(tensor(ids[..^1]).unsqueeze(0)).squeeze(0), 1);
        double sum = 0;
        bool greedy = true;
        for (int place = sequence.FirstPrediction; place < sequence.InputLength; place++)
        {
            sum += scores[place, ids[place + 1]].item<float>();
            greedy &= scores[place].argmax().item<long>() == ids[place + 1];
        }

        return (sum, greedy);
    }

    private LanguageModel Model(ulong seed)
    {
        using ModelPackage package = ModelPackage.Open(TinyCheckpoint.Write(_scratch.Of($"model-{seed}"), seed: seed));
        return LanguageModel.Load(package);
    }
}
