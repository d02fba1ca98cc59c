using System.Collections.Immutable;
using Hypercompress.Configuration;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning;
using Hypercompress.Surgery;

namespace Hypercompress.Pipeline;

/// <summary>Measures what each branch cost, by taking one after the other back.</summary>
/// <param name="config">Which branches, and how perplexity is measured.</param>
/// <param name="keep">The format that uncompressed matrices are stored in.</param>
internal sealed class BranchAblations(PipelineConfig config, ValueFormat keep)
{
    /// <summary>Refuses what cannot be measured, before a run begins.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="ConfigurationException">A name is no branch of this run.</exception>
    public static void Check(PipelineConfig config)
    {
        if (config.Evaluation.AblationBranches.FirstOrDefault(name => !config.Uses(name)) is { } stranger)
        {
            throw new ConfigurationException(
                $"evaluation.ablation_branches: '{stranger}' is no branch that takes part in this run; leave it out or enable it");
        }
    }

    /// <summary>Measures.</summary>
    /// <param name="teacher">The original.</param>
    /// <param name="student">The finished student; as before when this returns.</param>
    /// <param name="plan">Which branch worked where.</param>
    /// <param name="text">What is read.</param>
    /// <param name="progress">The phase.</param>
    /// <returns>One result per branch that the configuration names.</returns>
    public ImmutableArray<AblationResult> Measure(
        DecoderModel teacher, DecoderModel student, CompressionPlan plan, EvaluationText text, PhaseProgress progress) =>
    [
        .. config.Evaluation.AblationBranches.Select(branch => Measure(branch, teacher, student, plan, text, progress)),
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
        PerplexityResult result = new PerplexityEvaluator(config.Evaluation).Evaluate(
            student, text, new EvaluationProgressRelay(progress), progress.Cancellation);
        long added = worked.Sum(site => keep.StoredBytes(site.Site.Rows, site.Site.Columns) - site.Bytes);
        return new AblationResult(branch, worked.Length, plan.Bytes + added, result);
    }
}
