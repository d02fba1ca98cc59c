using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Training.Gradual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// Trains a decoder: batches, step, schedule, record. The only place of the pipeline that changes weights by gradient.
/// Levels train at their bytes (<see cref="CodeTrainer"/>); other codes stay, and masks where they are not chosen on
/// the way (<see cref="GradualTrainer"/>). Equal seeds, text and thread count give equal bytes.
/// </summary>
public sealed class ModelTrainer
{
    private readonly string _phase;
    private readonly TrainingOptions _options;
    private readonly TrainingWatch _watch;

    /// <summary>Creates a trainer.</summary>
    /// <param name="phase">Name of the phase; errors name it.</param>
    /// <param name="options">How it trains.</param>
    /// <param name="watch">Clock, progress and cancellation.</param>
    public ModelTrainer(string phase, TrainingOptions options, TrainingWatch watch)
    {
        ArgumentException.ThrowIfNullOrEmpty(phase);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(watch);
        (_phase, _options, _watch) = (phase, options, watch);
    }

    /// <summary>The dense model that the model was made of; null where it is not known.</summary>
    internal DecoderModel? Originals { get; init; }

    /// <summary>
    /// Trains a model in place. With held-out text the best state is kept, the one before training among them: the one
    /// with the lowest divergence from the teacher, or the lowest perplexity where there is no teacher; in the
    /// end every matrix is rounded to what its form stores.
    /// </summary>
    /// <param name="model">The model; asks for gradients during the run only.</param>
    /// <param name="tokens">The text.</param>
    /// <param name="objective">The loss that is minimised.</param>
    /// <returns>The measurements.</returns>
    /// <exception cref="ConfigurationException">The training text is shorter than one window.</exception>
    /// <exception cref="NumericalException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the model is partly trained.</exception>
    public TrainingHistory Run(DecoderModel model, TrainingTokens tokens, ITrainingObjective objective)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(objective);
        bool isGradual = _options.GradualShare > 0 && _options.Train == TrainableParts.All;
        using var gradual = new GradualTrainer(model, isGradual ? Originals : null);
        Parameter[] trained = TrainedParameters.Of(model, _options.Train);
        using var codes = new CodeTrainer(model);
        if (trained.Length == 0 && codes.IsEmpty)
        {
            return new([], ImmutableSortedDictionary<int, HeldOutScore>.Empty, "nothing to train");
        }

        using var batches = new SeekableBatches(
            tokens.Training, _options.BatchSize, _options.SequenceLength, _options.Seed, _options.ShiftsWindows);
        using var heldOut = HeldOutText.From(
            tokens.HeldOut, _options, objective.Teacher, _watch.Processes);
        try
        {
            SetGradients(trained, true);
            using var run = new TrainingRun(_phase, _options, _watch, trained, codes, gradual, heldOut);
            var history = run.Train(model, batches, objective);
            SetGradients(trained, false);
            if (!history.Steps.IsEmpty)
            {
                gradual.Finish();
            }

            RoundToStored(model);
            return history;
        }
        finally
        {
            SetGradients(trained, false);
        }
    }

    private static void SetGradients(Parameter[] trained, bool wanted)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in trained)
        {
            parameter.requires_grad = wanted;
            parameter.grad = null;
        }
    }

    private static void RoundToStored(DecoderModel model)
    {
        foreach (var slot in model.Slots)
        {
            (slot.Matrix as FormMatrix)?.RoundToStored();
        }
    }
}
