using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>The state of one training run: optimizer, record, best weights.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly string _phase;
    private readonly TrainingOptions _options;
    private readonly TrainingWatch _watch;
    private readonly HeldOutPerplexity? _heldOut;
    private readonly LearningRateSchedule _schedule;
    private readonly FusedAdamW _optimizer;
    private readonly WeightSnapshot? _best;
    private readonly EarlyStop _stop;
    private readonly ImmutableArray<TrainingStep>.Builder _steps = ImmutableArray.CreateBuilder<TrainingStep>();
    private readonly ImmutableSortedDictionary<int, double>.Builder _validations =
        ImmutableSortedDictionary.CreateBuilder<int, double>();

    public TrainingRun(
        string phase,
        TrainingOptions options,
        TrainingWatch watch,
        IReadOnlyList<Parameter> trained,
        HeldOutPerplexity? heldOut)
    {
        (_phase, _options, _watch, _heldOut) = (phase, options, watch, heldOut);
        _schedule = new LearningRateSchedule(options);
        _optimizer = new FusedAdamW(trained, options.WeightDecay);
        _best = heldOut is null ? null : new WeightSnapshot(trained);
        _stop = new EarlyStop(options.Patience, options.PerplexityTolerance);
    }

    public TrainingHistory Train(DecoderModel model, SeekableBatches batches, ITrainingObjective objective)
    {
        long started = _watch.Time.GetTimestamp();
        int planned = _options.Steps;
        Validate(model, 0);
        for (int step = 0; step < planned && !_stop.IsOver; step++)
        {
            _watch.Cancellation.ThrowIfCancellationRequested();
            _steps.Add(Step(model, batches, objective, step));
            bool due = (step + 1) % _options.ValidationInterval == 0 || step + 1 == planned;
            double? perplexity = due ? Validate(model, step + 1) : null;
            Report(started, perplexity);
        }

        _best?.Restore();
        string reason = _stop.IsOver && _steps.Count < planned ? "patience" : "token budget";
        return new(_steps.ToImmutable(), _validations.ToImmutable(), reason);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _best?.Dispose();
    }

    private TrainingStep Step(DecoderModel model, SeekableBatches batches, ITrainingObjective objective, int step)
    {
        using var scope = NewDisposeScope();
        _optimizer.ZeroGradients();
        double loss = 0;
        for (int i = 0; i < _options.GradientAccumulation; i++)
        {
            long number = ((long)step * _options.GradientAccumulation) + i;
            using Tensor windows = batches.BatchAt(number).to(model.Device);
            double weight = 1.0 / _options.GradientAccumulation;
            loss += weight * objective.Accumulate(model, windows, weight);
        }

        double norm = _optimizer.Clip(_options.MaxGradientNorm);
        CheckFinite(step, loss, norm);
        double learningRate = _schedule.At(step);
        _optimizer.Step(learningRate);
        return new(step, (step + 1) * _options.TokensPerStep, loss, learningRate, norm);
    }

    private void CheckFinite(int step, double loss, double norm)
    {
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new NumericalException(
                $"{_phase}, step {step}: the loss is {loss} and the gradient norm {norm}; "
                + $"lower learning_rate (now {_options.LearningRate:g}) or check the student before this phase");
        }
    }

    private double? Validate(DecoderModel model, int step)
    {
        if (_heldOut is null)
        {
            return null;
        }

        double perplexity = _heldOut.Measure(model);
        if (double.IsNaN(perplexity))
        {
            throw new NumericalException(
                $"{_phase}, step {step}: the held-out perplexity is not a number; "
                + $"lower learning_rate (now {_options.LearningRate:g}) or check the student before this phase");
        }

        // A damaged student may start at infinity, which no report can hold.
        if (double.IsFinite(perplexity))
        {
            _validations[step] = perplexity;
        }

        if (_stop.Observe(perplexity))
        {
            _best!.Refresh();
        }

        return perplexity;
    }

    private void Report(long started, double? perplexity)
    {
        var last = _steps[^1];
        double seconds = Math.Max(1e-9, _watch.Time.GetElapsedTime(started).TotalSeconds);
        double speed = last.Tokens / seconds;
        long budget = _options.Steps * _options.TokensPerStep;
        var remaining = TimeSpan.FromSeconds((budget - last.Tokens) / speed);
        double? measured = perplexity is { } value && double.IsFinite(value) ? value : null;
        _watch.Progress?.Report(new(last, budget, speed, remaining, measured));
    }
}
