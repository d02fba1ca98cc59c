namespace Hypercompress.Phases;

/// <summary>Names of the series of measurements that phases hand to <see cref="IPipelineObserver.Measured"/>.</summary>
public static class MeasuredSeries
{
    /// <summary>Mean training loss of a step, nats per token; by the number of the step, from 1.</summary>
    public const string TrainingLoss = "training loss";

    /// <summary>Learning rate of a step; by the number of the step, from 1.</summary>
    public const string LearningRate = "learning rate";

    /// <summary>Global gradient norm of a step, before clipping; by the number of the step, from 1.</summary>
    public const string GradientNorm = "gradient norm";

    /// <summary>Mean speed of training since its start, tokens per second; by the number of the step, from 1.</summary>
    public const string TokensPerSecond = "tokens per second";

    /// <summary>
    /// Perplexity of the student on held-out text; by the number of the step that it was measured after.
    /// </summary>
    public const string HeldOutPerplexity = "held-out perplexity";

    /// <summary>
    /// KL divergence of the student from the teacher on held-out text, nats per token; by the number of the step that
    /// it was measured after.
    /// </summary>
    public const string HeldOutDivergence = "held-out divergence";

    /// <summary>
    /// Loss of a teacher with damaged matrices above the undamaged one's, nats per token; by the level of damage, from
    /// 1.
    /// </summary>
    public const string DamageExcess = "excess loss of the damaged model";

    /// <summary>Planned bytes of the student's weights; one value, at step 0.</summary>
    public const string PlannedBytes = "planned bytes";

    /// <summary>Predicted loss of the plan, nats per token; one value, at step 0.</summary>
    public const string PredictedLoss = "predicted loss";

    /// <summary>Perplexity of the teacher; by the index of the validation text, from 0.</summary>
    public const string TeacherPerplexity = "perplexity of the teacher";

    /// <summary>Perplexity of the student; by the index of the validation text, from 0.</summary>
    public const string StudentPerplexity = "perplexity of the student";

    /// <summary>Stored bits per element of the matrix, one value for each site; at step 0.</summary>
    public const string SiteBits = "bits per weight of the sites";

    /// <summary>
    /// Decimal logarithm of each site's error, as a share of the error of leaving its matrix out; at step 0.
    /// </summary>
    public const string SiteErrors = "log10 relative error of the sites";

    /// <summary>
    /// Decimal logarithm of the KL divergence of the student from the teacher, nats, one value for each token; by the
    /// index of the validation text, from 0.
    /// </summary>
    public const string TokenDivergences = "log10 divergence of the tokens";
}
