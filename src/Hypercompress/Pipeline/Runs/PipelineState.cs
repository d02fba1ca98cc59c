using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Branches;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Merging;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Surgery;
using Hypercompress.Training;

namespace Hypercompress.Pipeline.Runs;

/// <summary>What a run knows when it is through its phases: one record per phase, numbers and decisions only.</summary>
/// <param name="Bundle">The models.</param>
/// <param name="Baselines">Phase 1: what sampled sites looked like.</param>
/// <param name="Plan">What was decided, with the bytes that it came to.</param>
/// <param name="BranchResults">Phase 2: what every branch did.</param>
/// <param name="Merged">Phase 3: what stands at each site.</param>
/// <param name="Structure">Phase 4: what the student is built of.</param>
/// <param name="DistillationHistory">Phase 5.</param>
/// <param name="FineTuningHistory">Phase 6.</param>
/// <param name="Evaluation">Phase 7.</param>
/// <param name="Book">What the plan was made from.</param>
public sealed record PipelineState(
    ModelBundle Bundle,
    ImmutableArray<SiteBaseline> Baselines,
    CompressionPlan Plan,
    ImmutableArray<BranchArtifact> BranchResults,
    Blueprint Merged,
    StructuralReport Structure,
    TrainingHistory DistillationHistory,
    TrainingHistory FineTuningHistory,
    EvaluationReport Evaluation,
    OfferBook Book);
