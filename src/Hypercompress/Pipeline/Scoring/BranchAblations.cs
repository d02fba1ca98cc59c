using System.Collections.Immutable;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Planning;
using Hypercompress.Surgery;

namespace Hypercompress.Pipeline.Scoring;

/// <summary>Measures the cost of each branch, by putting the teacher's matrices back where the branch worked.</summary>
/// <param name="options">Which branches, and how perplexity is measured.</param>
/// <param name="teacherFormat">Number format of the teacher's tensors.</param>
internal sealed class BranchAblations(EvaluationOptions options, ValueFormat teacherFormat)
{
    /// <summary>Refuses, before a run begins, branches whose cost cannot be measured.</summary>
    /// <param name="options">The branches to measure.</param>
    /// <param name="takesPart">Whether a branch takes part in the run.</param>
    /// <exception cref="ConfigurationException">A name is not that of a branch of this run.</exception>
    public static void Check(EvaluationOptions options, Func<string, bool> takesPart)
    {
        if (options.AblationBranches.FirstOrDefault(name => !takesPart(name)) is { } stranger)
        {
            throw new ConfigurationException(
                $"evaluation.ablation_branches: no branch '{stranger}' takes part in this run; remove the name or "
                + "enable the branch");
        }
    }

    /// <summary>Measures.</summary>
    /// <param name="teacher">The original.</param>
    /// <param name="student">The finished student; unchanged when this returns.</param>
    /// <param name="plan">Which branch worked where.</param>
    /// <param name="text">The text that is scored.</param>
    /// <param name="progress">The phase.</param>
    /// <returns>One result per branch that the configuration names.</returns>
    public ImmutableArray<AblationResult> Measure(
        DecoderModel teacher,
        DecoderModel student,
        CompressionPlan plan,
        EvaluationText text,
        PhaseProgress progress) =>
    [
        .. options.AblationBranches.Select(branch => Measure(branch, teacher, student, plan, text, progress)),
    ];

    private AblationResult Measure(
        string branch,
        DecoderModel teacher,
        DecoderModel student,
        CompressionPlan plan,
        EvaluationText text,
        PhaseProgress progress)
    {
        SiteAssignment[] worked = [.. plan.Sites.Where(site => site.Offers.Any(offer => offer.Branch == branch))];
        HashSet<string> names = [.. worked.Select(site => site.Site.Name)];
        using var borrowed = new TemporarySwap(student, teacher.Slots.Where(slot => names.Contains(slot.Name))
            .Select(slot => KeyValuePair.Create(slot.Name, slot.Matrix)));
        PerplexityResult result = new PerplexityEvaluator(options).Evaluate(
            student, text, new EvaluationProgressRelay(progress), progress.Cancellation);
        long added = worked.Sum(site => teacherFormat.StoredBytes(site.Site.Rows, site.Site.Columns) - site.Bytes);
        return new AblationResult(branch, worked.Length, plan.Bytes + added, result);
    }
}
