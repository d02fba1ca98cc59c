using System.ComponentModel.DataAnnotations;
using Hypercompress.Models.Kernels;
using Hypercompress.Training.Adapters;
using Hypercompress.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>How <see cref="ModelTrainer"/> trains.</summary>
public sealed record TrainingOptions
{
    /// <summary>The highest learning rate, reached at the end of the warm-up.</summary>
    /// <value>More than 0, at most 1. The default is 1e-3.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the learning rate goes on after the warm-up.</summary>
    /// <value>The default is <see cref="ScheduleShape.Cosine"/>.</value>
    public ScheduleShape Schedule { get; init; }

    /// <summary>Share of the steps in which the learning rate rises linearly.</summary>
    /// <value>0 to 1. The default is 0.05.</value>
    [Range(0.0, 1.0)]
    public double WarmupFraction { get; init; } = 0.05;

    /// <summary>The learning rate of the last step, as a share of <see cref="LearningRate"/>.</summary>
    /// <value>0 to 1. The default is 0.1.</value>
    [Range(0.0, 1.0)]
    public double FinalLearningRateFraction { get; init; } = 0.1;

    /// <summary>Predicted tokens to train on; rounded up to whole steps.</summary>
    /// <value>1 to 10¹². The default is 1,000,000.</value>
    [Range(1L, 1_000_000_000_000L)]
    public long TokenBudget { get; init; } = 1_000_000;

    /// <summary>Sequences of a micro-batch.</summary>
    /// <value>1 to 65536. The default is 8.</value>
    [Range(1, 65536)]
    public int BatchSize { get; init; } = 8;

    /// <summary>Predicted tokens of a sequence.</summary>
    /// <value>1 to 1048576. The default is 256.</value>
    [Range(1, 1_048_576)]
    public int SequenceLength { get; init; } = 256;

    /// <summary>Micro-batches whose gradients make one step.</summary>
    /// <value>1 to 65536. The default is 1.</value>
    [Range(1, 65536)]
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>Global gradient norm above which gradients are scaled down to it.</summary>
    /// <value>More than 0. The default is 1.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Decoupled weight decay of matrices; vectors are not decayed.</summary>
    /// <value>0 to 1. The default is 0.1.</value>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>
    /// Steps between two measurements of the held-out perplexity; one is also taken before and after.
    /// </summary>
    /// <value>1 to 10⁹. The default is 100.</value>
    [Range(1, 1_000_000_000)]
    public int ValidationInterval { get; init; } = 100;

    /// <summary>
    /// Held-out divergence from the teacher, nats per token, below which the run ends before its first step; 0, the
    /// default, never.
    /// </summary>
    internal double LeastDivergence { get; init; }

    /// <summary>Most tokens for one measurement of the held-out perplexity.</summary>
    /// <value>1 to 10⁹. The default is 16384.</value>
    [Range(1, 1_000_000_000)]
    public int ValidationTokens { get; init; } = 16384;

    /// <summary>Measurements in a row without a gain after which training stops; 0 never stops early.</summary>
    /// <value>0 to 10⁶. The default is 0.</value>
    [Range(0, 1_000_000)]
    public int Patience { get; init; }

    /// <summary>The relative fall of divergence or perplexity that counts as a gain.</summary>
    /// <value>0 to 1. The default is 0.001.</value>
    [Range(0.0, 1.0)]
    public double Tolerance { get; init; } = 0.001;

    /// <summary>Learning rate of levels, levels per step.</summary>
    /// <value>
    /// More than 0, at most 1. The default is null: 0.02 for levels of a trellis, 0.005 for scalar ones, which are
    /// twice as far apart.
    /// </value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? LevelLearningRate { get; init; }

    /// <summary>
    /// Learning rate of the scales of levels and of vectors beside them, as a share of their value per step.
    /// </summary>
    /// <value>
    /// 0 to 1. The default is null: 0.003 beside levels of a trellis, 0.0003 beside scalar levels; where the scales
    /// train alone, 0.002 if the student's divergence is at most 0.4 nats per token at the start, and more by the root
    /// of a larger one, up to 0.006.
    /// </value>
    [Range(0.0, 1.0)]
    public double? ScaleLearningRate { get; init; }

    /// <summary>How parameters move; levels move by Adam in any case.</summary>
    /// <value>The default is <see cref="OptimizerKind.Adam"/>.</value>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Rank of the change that each matrix may get; 0: all its values move.</summary>
    /// <value>0 to 65536. The default is 0.</value>
    [Range(0, 65536)]
    public int AdapterRank { get; init; }

    /// <summary>Which rank the change of each matrix has.</summary>
    /// <value>The default is <see cref="AdapterRanks.Even"/>.</value>
    public AdapterRanks AdapterRanks { get; init; }

    /// <summary>How often the changes of low rank begin anew, at equal distances.</summary>
    /// <value>0 to 10⁶. The default is 0.</value>
    [Range(0, 1_000_000)]
    public int AdapterRestarts { get; init; }

    /// <summary>Which parameters change.</summary>
    /// <value>The default is <see cref="TrainableParts.All"/>.</value>
    public TrainableParts Train { get; init; }

    /// <summary>
    /// Share of the steps in which sparse and low-rank matrices go from their originals to the plan; 0, the default:
    /// they begin with it.
    /// </summary>
    internal double GradualShare { get; init; }

    /// <summary>The numbers that the matrices of layers are multiplied in.</summary>
    /// <value>The default is <see cref="TrainingPrecision.Auto"/>.</value>
    public TrainingPrecision Precision { get; init; }

    /// <summary>Seed of the order in which the text is read.</summary>
    /// <value>Any number. The default is 0.</value>
    public long Seed { get; init; }

    /// <summary>
    /// Whether every pass over the text cuts it into other windows; otherwise windows repeat, as predictions that are
    /// kept need.
    /// </summary>
    internal bool ShiftsWindows { get; init; } = true;

    /// <summary>Predicted tokens of one optimizer step.</summary>
    internal long TokensPerStep => (long)BatchSize * SequenceLength * GradientAccumulation;

    /// <summary>Optimizer steps that use up the budget.</summary>
    internal int Steps => checked((int)((TokenBudget + TokensPerStep - 1) / TokensPerStep));

    /// <summary>What factors of products are rounded to; null for nothing.</summary>
    /// <param name="device">Where the model is.</param>
    internal ScalarType? FactorsOn(Device device) => Precision switch
    {
        TrainingPrecision.Float32 => null,
        TrainingPrecision.Bfloat16 => ScalarType.BFloat16,
        _ => device.type == DeviceType.CUDA || Bfloat16Products.AreFast ? ScalarType.BFloat16 : null,
    };

    /// <summary>The optimizer of parameters.</summary>
    /// <param name="trained">What is trained; owned by the model.</param>
    internal IOptimizer MakeOptimizer(IReadOnlyList<Parameter> trained)
    {
        Func<IEnumerable<Parameter>, IOptimizer> make = Optimizer == OptimizerKind.Adafactor
            ? parameters => new Adafactor(parameters, WeightDecay)
            : parameters => new FusedAdamW(parameters, WeightDecay);
        return AdapterRank == 0
            ? make(trained)
            : new LowRankOptimizer(
                trained, new AdapterOptions(AdapterRank, AdapterRanks, AdapterRestarts, Steps, Seed), make);
    }

    /// <summary>The settings of one phase of a run.</summary>
    /// <param name="options">The phase's section of the configuration.</param>
    /// <param name="context">Longest sequence of the model.</param>
    /// <param name="tokenBudget">Predicted tokens to learn from.</param>
    /// <param name="seed">Seed of the order of the text.</param>
    /// <returns>The trainer's options.</returns>
    internal static TrainingOptions Of(TrainingPhaseOptions options, int context, long tokenBudget, long seed) => new()
    {
        LearningRate = options.LearningRate,
        TokenBudget = tokenBudget,
        BatchSize = options.BatchSize,
        SequenceLength = Math.Min(options.SequenceLength, context),
        GradientAccumulation = options.GradientAccumulation,
        Schedule = options.Schedule,
        WarmupFraction = options.WarmupFraction,
        MaxGradientNorm = options.MaxGradientNorm,
        WeightDecay = options.WeightDecay,
        ValidationInterval = options.ValidationInterval,
        ValidationTokens = options.ValidationTokens,
        Patience = options.Patience,
        Tolerance = options.PplTolerance,
        LevelLearningRate = options.LevelLearningRate,
        ScaleLearningRate = options.ScaleLearningRate,
        Optimizer = options.Optimizer,
        AdapterRank = options.AdapterRank,
        AdapterRanks = options.AdapterRanks,
        AdapterRestarts = options.AdapterRestarts,
        Train = options.Train,
        Precision = options.Precision,
        Seed = seed,
    };
}
