using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Branches;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Merging;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Surgery;
using Hypercompress.Training;

namespace Hypercompress.Pipeline.Runs;

/// <summary>The results of the phases of a run, one record per phase; numbers and decisions only.</summary>
/// <param name="Bundle">The models.</param>
/// <param name="Baselines">Phase 1: spectra of sampled sites.</param>
/// <param name="Plan">The plan, with the bytes that were built.</param>
/// <param name="BranchResults">Phase 2: the result of every branch.</param>
/// <param name="Merged">Phase 3: the merged matrix of each site.</param>
/// <param name="Structure">Phase 4: the structure of the student.</param>
/// <param name="DistillationHistory">Phase 5.</param>
/// <param name="FineTuningHistory">Phase 6.</param>
/// <param name="Evaluation">Phase 7.</param>
/// <param name="Book">The offers that the plan was made from.</param>
internal sealed record PipelineState(
    ModelBundle Bundle,
    ImmutableArray<SiteBaseline> Baselines,
    CompressionPlan Plan,
    ImmutableArray<BranchArtifact> BranchResults,
    Blueprint Merged,
    StructuralReport Structure,
    TrainingHistory DistillationHistory,
    TrainingHistory FineTuningHistory,
    EvaluationReport Evaluation,
    OfferBook Book)
{
    /// <summary>The dense model that was compressed in place of the teacher; null for the teacher itself.</summary>
    public PreparedStudent? Prepared { get; init; }

    /// <summary>What training was expected to do; null where none was expected.</summary>
    public ExpectedTraining? Training { get; init; }

    /// <summary>What other sizes would cost; empty where the book has the offers of a given plan alone.</summary>
    public required ImmutableArray<FrontPoint> Front { get; init; }
}
