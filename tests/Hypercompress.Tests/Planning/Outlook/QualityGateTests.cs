using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.Planning;
using Hypercompress.Planning.Files;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Settings;

namespace Hypercompress.Tests.Planning.Outlook;

public sealed class QualityGateTests
{
    // At half the bytes the loss is small, at a quarter the perplexity grows 20-fold.
    private static readonly OfferBook Book = new(
        ImmutableSortedDictionary<string, string>.Empty,
        1000,
        0,
        [MadeUpOffers.At(0, 1000, MadeUpOffers.Make("a", 500, 0.01), MadeUpOffers.Make("a", 250, 3))],
        LossModel.Unmeasured(20, 49152),
        new CalibrationTimings(1, 2, 3, 4, 5),
        []);

    private static readonly ExpectedTraining Training = new(300_000, 1);

    private static readonly TargetOptions Target = new() { CompressionRatio = 4 };

    [Fact]
    public void Judge_APlanBelowTheLimit_FindsTheNearestRatioWithinIt()
    {
        (QualityGate gate, PlanMaker maker) = Gate(new PlannerOptions());

        QualityVerdict verdict = gate.Judge(maker.Make(Book), Book);

        Assert.False(verdict.Sensible);
        Assert.InRange(verdict.NearestSensibleRatio!.Value, 1.9, 2);
        Assert.True(gate.Judge(maker.Make(Book, 2), Book).Sensible);
    }

    [Fact]
    public void Require_APlanBelowTheLimit_IsRefusedWithTheNumbers()
    {
        (QualityGate gate, PlanMaker maker) = Gate(new PlannerOptions());

        var refused = Assert.Throws<BudgetException>(() => gate.Require(maker.Make(Book), Book, decided: false, training: null));

        Assert.Contains("at ratio 4 the predicted perplexity is", refused.Message, StringComparison.Ordinal);
        Assert.Contains("more than 5 times the teacher's 20", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the nearest ratio within the limit is", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--force", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.NearestRatio, 1.9, 2);
    }

    [Fact]
    public void Require_ASizeThatWasGivenInBytes_IsRefusedInBytes()
    {
        (QualityGate gate, PlanMaker maker) = Gate(new PlannerOptions(), new TargetOptions { Bytes = new ByteSize(250) });

        var refused = Assert.Throws<BudgetException>(
            () => gate.Require(maker.Make(Book), Book, decided: false, Training));

        Assert.StartsWith("at 250 bytes the predicted perplexity is", refused.Message, StringComparison.Ordinal);
        Assert.Contains("before training, more than", refused.Message, StringComparison.Ordinal);
        Assert.Matches(@"the nearest size within the limit is 5\d\d bytes\. To", refused.Message);
        Assert.DoesNotContain("ratio", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Require_NamesTraining_WhereThereIsSome(bool trains)
    {
        (QualityGate gate, PlanMaker maker) = Gate(new PlannerOptions());

        string remark = gate.Require(maker.Make(Book), Book, decided: true, trains ? Training : null)!;

        Assert.Equal(trains, remark.Contains("before training", StringComparison.Ordinal));
    }

    // What is expected after training is within the limit: it is said, and the plan is refused all the same.
    [Fact]
    public void Require_APlanThatTrainingWouldBringBelowTheLimit_IsRefused_AndSaysWhatIsExpected()
    {
        (QualityGate gate, PlanMaker maker) = Gate(new PlannerOptions());
        OfferBook book = Book with { Forecast = new LossModel(20, 49152, LossCurve.Proportional(0.6), Low: 1, High: 1) };
        CompressionPlan plan = maker.Make(book);
        double before = book.Forecast.Predict(plan.PredictedLoss).Perplexity;
        double after = Training.Predict(book.Forecast, plan.PredictedLoss)!.Perplexity;
        Assert.True(before > 5 * 20 && after < 5 * 20, $"{before} before, {after} after");

        var refused = Assert.Throws<BudgetException>(() => gate.Require(plan, book, decided: false, Training));

        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"; after training about {after:0.#} ("),
            refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Require_WhatTheUserDecided_IsRemarkedOn()
    {
        (QualityGate gate, PlanMaker maker) = Gate(new PlannerOptions());
        (QualityGate forced, _) = Gate(new PlannerOptions { Force = true });

        Assert.NotNull(gate.Require(maker.Make(Book), Book, decided: true, training: null));
        Assert.NotNull(forced.Require(maker.Make(Book), Book, decided: false, training: null));
        Assert.Null(gate.Require(maker.Make(Book, 2), Book, decided: false, training: null));
    }

    [Fact]
    public void Sweep_NamesTheRatiosThatCannotBeReached()
    {
        (QualityGate gate, PlanMaker maker) = Gate(new PlannerOptions());

        SweepRun run = new PlanSweep(maker, new PlanForecaster(gate, (_, _) => null, memoryCeiling: null)).Run(Book, [2, 4, 9]);

        Assert.Equal([2.0, 4.0], run.Points.Select(point => point.Plan.AskedRatio));
        Assert.Equal([true, false], run.Points.Select(point => point.Verdict.Sensible));
        Assert.Equal([9.0], run.Refusals.Keys);
    }

    [Fact]
    public void Read_OfDifferentOffersWhereTheRuntimeNeedsOne_NamesTheSites()
    {
        using var folder = new ScratchFolder();
        OfferBook book = Book with
        {
            TeacherBytes = 2000,
            Sites = [Book.Sites[0], MadeUpOffers.At(1, 1000, MadeUpOffers.Make("a", 500, 0.02))],
        };
        var maker = new PlanMaker(Target, new PlannerOptions(), CombinationRule.Joint, []);
        PlanJson.Save(maker.Make(book, 2.6, loose: true), folder.Of("plan.json"));
        OfferBook joined = book with { Alike = [[.. book.Sites.Select(site => site.Site.Name)]] };

        Assert.NotEqual(maker.Read(folder.Of("plan.json"), book).Sites[0].Bytes, maker.Make(book, 2).Sites[0].Bytes);
        var failure = Assert.Throws<ConfigurationException>(() => maker.Read(folder.Of("plan.json"), joined));
        Assert.Contains("are one layer for the runtime 'self'", failure.Message, StringComparison.Ordinal);
    }

    private static (QualityGate Gate, PlanMaker Maker) Gate(PlannerOptions options, TargetOptions? target = null)
    {
        var maker = new PlanMaker(target ?? Target, options, CombinationRule.Joint, []);
        return (new QualityGate(options, maker), maker);
    }
}
