using System.ComponentModel.DataAnnotations;
using Hypercompress.Training.Adapters;
using Hypercompress.Training.Optimizers;

namespace Hypercompress.Training;

/// <summary>The options that the sections of all training phases have.</summary>
public abstract record TrainingPhaseOptions
{
    /// <summary>Sets the defaults in which the phases differ.</summary>
    /// <param name="learningRate">See <see cref="LearningRate"/>.</param>
    /// <param name="tokenBudget">See <see cref="TokenBudget"/>.</param>
    protected TrainingPhaseOptions(double learningRate, long tokenBudget) =>
        (LearningRate, TokenBudget) = (learningRate, tokenBudget);

    /// <summary>Whether the phase runs.</summary>
    /// <value>
    /// The default is null: a student is trained; distillation runs where the plan is expected to cost 0.01 nats per
    /// token or more, and fine-tuning runs there when distillation is switched off.
    /// </value>
    public bool? Enabled { get; init; }

    /// <summary>The highest learning rate.</summary>
    /// <value>
    /// More than 0, at most 1. The default is 3e-4 for distillation, 5e-5 for fine-tuning, 1e-3 for a student.
    /// </value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; }

    /// <summary>
    /// The highest learning rate of levels, in levels per step. Adam moves every latent by about so much.
    /// </summary>
    /// <value>
    /// More than 0, at most 1. The default is null: 0.02 for levels of a trellis, 0.005 for scalar ones, which are
    /// twice as far apart.
    /// </value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? LevelLearningRate { get; init; }

    /// <summary>
    /// The highest learning rate of the scales of levels, and of norms and biases beside them, as a share of their
    /// value per step.
    /// </summary>
    /// <value>
    /// 0 to 1. The default is null: 0.003 beside levels of a trellis, 0.0003 beside scalar levels; where the scales
    /// train alone, 0.002 if the student's divergence is at most 0.4 nats per token at the start, and more by the root
    /// of a larger one, up to 0.006.
    /// </value>
    [Range(0.0, 1.0)]
    public double? ScaleLearningRate { get; init; }

    /// <summary>Most tokens to train on; rounded up to whole steps.</summary>
    /// <value>1 to 10¹². The default is 300,000 for distillation and a student, 50,000 for fine-tuning.</value>
    [Range(1L, 1_000_000_000_000L)]
    public long TokenBudget { get; init; }

    /// <summary>Tokens that the phase learns from at most; 0 when it does not run.</summary>
    internal long PlannedTokens => Enabled == false ? 0 : TokenBudget;

    /// <summary>Sequences of a micro-batch.</summary>
    /// <value>1 to 65536. The default is 4.</value>
    [Range(1, 65536)]
    public int BatchSize { get; init; } = 4;

    /// <summary>Predicted tokens of a sequence; never more than the model's context.</summary>
    /// <value>1 to 1048576. The default is 256.</value>
    [Range(1, 1_048_576)]
    public int SequenceLength { get; init; } = 256;

    /// <summary>Micro-batches whose gradients make one step.</summary>
    /// <value>1 to 65536. The default is 1.</value>
    [Range(1, 65536)]
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>
    /// <c>cosine</c>, <c>constant</c>, or <c>wsd</c> (stable, then linear decay over the last fifth): the course of the
    /// learning rate after the warm-up.
    /// </summary>
    /// <value>The default is <c>cosine</c>.</value>
    public ScheduleShape Schedule { get; init; }

    /// <summary>Share of the steps in which the learning rate rises linearly.</summary>
    /// <value>0 to 1. The default is 0.05.</value>
    [Range(0.0, 1.0)]
    public double WarmupFraction { get; init; } = 0.05;

    /// <summary>Global gradient norm above which gradients are scaled down to it.</summary>
    /// <value>More than 0. The default is 1.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Decoupled weight decay of matrices.</summary>
    /// <value>0 to 1. The default is 0: the student's weights are already near their values.</value>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; }

    /// <summary>
    /// <c>auto</c>, <c>float32</c> or <c>bfloat16</c>: the number format in which the matrices of layers are
    /// multiplied.
    /// </summary>
    /// <value>
    /// The default is <c>auto</c>: <c>bfloat16</c> where the processor has AVX512-BF16 or AMX, or on CUDA.
    /// </value>
    public TrainingPrecision Precision { get; init; }

    /// <summary>Steps between two measurements of the held-out perplexity.</summary>
    /// <value>1 to 10⁹. The default is 25.</value>
    [Range(1, 1_000_000_000)]
    public int ValidationInterval { get; init; } = 25;

    /// <summary>Most tokens for one measurement of the held-out perplexity.</summary>
    /// <value>1 to 10⁹. The default is 4096.</value>
    [Range(1, 1_000_000_000)]
    public int ValidationTokens { get; init; } = 4096;

    /// <summary>Measurements in a row without a gain after which the phase ends; 0 never ends it early.</summary>
    /// <value>0 to 10⁶. The default is 4.</value>
    [Range(0, 1_000_000)]
    public int Patience { get; init; } = 4;

    /// <summary>The relative fall of perplexity that counts as a gain.</summary>
    /// <value>0 to 1. The default is 0.001.</value>
    [Range(0.0, 1.0)]
    public double PplTolerance { get; init; } = 0.001;

    /// <summary>
    /// <c>adam</c> (AdamW), or <c>adafactor</c>, which stores numbers per row and column instead of two per value: the
    /// optimizer of factors, dense matrices and vectors. Levels always use Adam.
    /// </summary>
    /// <value>The default is <c>adam</c>.</value>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>
    /// Rank of the changes to matrices of factors or dense values (LoRA); 0 trains all values. Changes are added to the
    /// values and take no bytes. A matrix with fewer values than its change would have trains all its values. Levels
    /// and scales are not affected.
    /// </summary>
    /// <value>0 to 65536. The default is 0.</value>
    [Range(0, 65536)]
    public int AdapterRank { get; init; }

    /// <summary>
    /// <c>even</c> (the same rank for every matrix), or <c>hierarchical</c> (by depth and role: more rank where the
    /// loss depends more on a matrix when training begins).
    /// </summary>
    /// <value>The default is <c>even</c>.</value>
    public AdapterRanks AdapterRanks { get; init; }

    /// <summary>
    /// How often the low-rank changes restart, at equal distances; earlier changes are kept (ReLoRA).
    /// </summary>
    /// <value>0 to 10⁶. The default is 0.</value>
    [Range(0, 1_000_000)]
    public int AdapterRestarts { get; init; }

    /// <summary>
    /// Whether a forward pass keeps only the states between layers, and layers are computed again for their gradients:
    /// less memory for long sequences and large batches, a third more work.
    /// </summary>
    /// <value>The default is false.</value>
    public bool ActivationCheckpointing { get; init; }

    /// <summary><c>all</c>: every stored value; <c>scales</c>: norms, biases, row and column scales only.</summary>
    /// <value>The default is <c>all</c>.</value>
    public TrainableParts Train { get; init; }
}
