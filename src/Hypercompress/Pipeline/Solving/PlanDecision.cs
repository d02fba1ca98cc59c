using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Configuration;
using Hypercompress.Evaluation.Suite;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline.Solving;

/// <summary>Decides what a run does with its sites, and whether it trains afterwards.</summary>
/// <param name="config">All options.</param>
/// <param name="plans">Makes and reads plans.</param>
/// <param name="gate">Refuses plans that cost too much.</param>
/// <param name="branches">All branches that take part.</param>
/// <param name="target">The runtime that the result is for.</param>
/// <param name="log">Receives the reasons.</param>
internal sealed class PlanDecision(
    PipelineConfig config,
    PlanMaker plans,
    QualityGate gate,
    ImmutableArray<CompressionBranch> branches,
    RuntimeTarget target,
    LoggingManager log)
{
    /// <summary>A plan that is carried out.</summary>
    /// <param name="planFile">A plan to carry out instead of making one, or null.</param>
    /// <param name="book">The offers.</param>
    /// <param name="hasMemory">Whether memory holds all weights.</param>
    /// <param name="progress">The phase.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="BudgetException">The target cannot be reached, or costs too much.</exception>
    public CompressionPlan Make(string? planFile, OfferBook book, bool hasMemory, PhaseProgress progress)
    {
        CompressionPlan plan = Propose(planFile, book, progress);
        bool decided = planFile is not null || config.Planner.Mode == PlannerOptions.Manual;
        ExpectedTraining? training = ExpectTraining(plan, book, hasMemory);
        if (gate.Require(plan, book, decided, training) is { } remark)
        {
            progress.Note(remark);
        }

        if (training?.Describe(book.Forecast, plan.PredictedLoss) is { } forecast)
        {
            progress.Note(forecast);
        }

        return plan;
    }

    /// <summary>A plan that is looked at.</summary>
    /// <param name="planFile">A plan to judge instead of making one, or null.</param>
    /// <param name="book">The offers.</param>
    /// <param name="progress">The phase.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="BudgetException">The target cannot be reached.</exception>
    public CompressionPlan Propose(string? planFile, OfferBook book, PhaseProgress progress)
    {
        CompressionPlan plan = planFile is null ? plans.Make(book) : plans.Read(planFile, book);
        foreach (string note in plan.Notes)
        {
            progress.Note(note);
        }

        progress.Measure(MeasuredSeries.PlannedBytes, 0, plan.Bytes);
        progress.Measure(MeasuredSeries.PredictedLoss, 0, plan.PredictedLoss);
        return plan;
    }

    /// <summary>Which training phases run.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="book">The offers.</param>
    /// <param name="hasMemory">Whether memory holds all weights.</param>
    /// <returns>Their sections, each switched on or off.</returns>
    public TrainingChoice ChooseTraining(CompressionPlan plan, OfferBook book, bool hasMemory)
    {
        var choice = TrainingChoice.Of(
            config.Distillation, config.Finetune, ExcessOf(plan, book), hasMemory, target);
        Note(choice.Reason);
        return choice;
    }

    /// <summary>What training is expected to do.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="book">The offers.</param>
    /// <param name="hasMemory">Whether memory holds all weights.</param>
    /// <returns>The work of the phases that would run; null where there is nothing to gain.</returns>
    public ExpectedTraining? ExpectTraining(CompressionPlan plan, OfferBook book, bool hasMemory)
    {
        double excess = ExcessOf(plan, book);
        var training = TrainingChoice.Of(config.Distillation, config.Finetune, excess, hasMemory, target);
        long tokens = training.Distillation.PlannedTokens + training.FineTuning.PlannedTokens;
        if (tokens == 0)
        {
            return null;
        }

        long weights = book.Sites.Sum(site => site.Site.ElementCount);
        var levels = LevelCodeChoice.Of(training, excess, weights);
        var usual = LevelCodeChoice.Of(
            training with { Distillation = training.Distillation with { TrainLevels = null } }, excess, weights);
        return new ExpectedTraining(tokens, CodedShare(plan))
        {
            IsUsual = config.Student.Model is null && training.FineTuning.PlannedTokens == 0
                && (levels.Parts == TrainedCodes.Scales || levels.Parts == usual.Parts),
        };
    }

    /// <summary>The plan with the codes of entropy-coded matrices that suit the training.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="training">The training.</param>
    /// <param name="book">The offers.</param>
    /// <returns>The plan; as it is where the runtime has no such codes.</returns>
    public CompressionPlan WithLevels(CompressionPlan plan, TrainingChoice training, OfferBook book)
    {
        if (!target.HoldsAllForms)
        {
            return plan;
        }

        long levels = book.Sites.Sum(site => site.Site.ElementCount);
        var choice = LevelCodeChoice.Of(training, ExcessOf(plan, book), levels);
        Note(choice.Reason);
        return choice.Apply(plan, branches);
    }

    /// <summary>Whether the sites are solved in order.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="book">The offers.</param>
    /// <returns>True for in order, false for all at once.</returns>
    public bool IsInOrder(CompressionPlan plan, OfferBook book)
    {
        var order = SolvingOrder.Of(config.Sequential, ExcessOf(plan, book), target);
        Note(order.Reason);
        return order.IsSequential;
    }

    /// <summary>What other sizes would cost.</summary>
    /// <param name="book">The offers.</param>
    /// <param name="scores">The scores of the teacher.</param>
    /// <param name="hasMemory">Whether memory holds all weights.</param>
    /// <returns>
    /// Points along the sizes; none for a plan by hand, which does not say what they would be made of.
    /// </returns>
    public ImmutableArray<FrontPoint> Front(OfferBook book, EvaluationReport scores, bool hasMemory) =>
        config.Planner.Mode != PlannerOptions.Manual && scores.Texts is [var first, ..]
            ? new QualityFront(plans, plan => ExpectTraining(plan, book, hasMemory))
                .Points(book, first.Teacher.Perplexity)
            : [];

    // A matrix is entropy-coded where it makes a difference which of its parts train.
    private double CodedShare(CompressionPlan plan)
    {
        CompressionPlan With(TrainedCodes parts) => new LevelCodeChoice(parts, Reason: null).Apply(plan, branches);
        long coded = With(TrainedCodes.Levels).Sites.Zip(With(TrainedCodes.Scales).Sites)
            .Where(pair => !pair.First.Offers.SequenceEqual(pair.Second.Offers))
            .Sum(pair => pair.First.Site.ElementCount);
        return (double)coded / plan.Sites.Sum(site => site.Site.ElementCount);
    }

    private static double ExcessOf(CompressionPlan plan, OfferBook book) =>
        book.Forecast.Curve.Loss(plan.PredictedLoss);

    private void Note(string? reason)
    {
        if (reason is not null)
        {
            log.Noted(reason);
        }
    }
}
