using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.Training.Gradual;
using Hypercompress.Training.Optimizers;
using Hypercompress.Training.States;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// One training run: optimizer, codes, record, best state. Where codes train, the last tenth of the steps moves scales
/// and vectors alone, after the codes were decided.
/// </summary>
internal sealed partial class TrainingRun : IDisposable
{
    private const double ClosingShare = 0.1;
    private const double ClosingRate = 0.3;
    private const double Relapse = 1.1;
    private const int MostRollbacks = 3;

    private readonly string _phase;
    private readonly TrainingOptions _options;
    private readonly TrainingWatch _watch;
    private readonly HeldOutText? _heldOut;
    private readonly IOptimizer _optimizer;
    private readonly BatchShare _share;
    private readonly CodeTrainer _codes;
    private readonly GradualTrainer _gradual;
    private readonly CubicSchedule _course;
    private readonly WeightSnapshot? _best;
    private readonly ImmutableArray<TrainingStep>.Builder _steps = ImmutableArray.CreateBuilder<TrainingStep>();
    private readonly ImmutableSortedDictionary<int, HeldOutScore>.Builder _validations =
        ImmutableSortedDictionary.CreateBuilder<int, HeldOutScore>();

    private readonly IReadOnlyList<Parameter> _trained;
    private EarlyStop _stop;
    private double _caution = 1;
    private int _rollbacks;
    private long _started;

    // Where the run is: which of its two parts, the steps that are done there, and whether the first ended early.
    private bool _isClosing;
    private int _done;
    private bool _isStopped;

    // Steps and time of earlier processes.
    private double _earlierSeconds;

    public TrainingRun(
        string phase,
        TrainingOptions options,
        TrainingWatch watch,
        IReadOnlyList<Parameter> trained,
        CodeTrainer codes,
        GradualTrainer gradual,
        HeldOutText? heldOut)
    {
        (_phase, _options, _watch, _codes, _heldOut) = (phase, options, watch, codes, heldOut);
        (_trained, _gradual) = (trained, gradual);
        int most = gradual.IsEmpty ? 0 : (int)Math.Ceiling(options.GradualShare * options.Steps);
        _course = new CubicSchedule(Math.Min(most, options.Steps - ClosingSteps(options.Steps)));
        _share = new BatchShare(watch.Processes);
        _optimizer = options.MakeOptimizer(trained);
        _best = heldOut is null ? null : new WeightSnapshot(trained);
        _stop = new EarlyStop(options.Patience, options.Tolerance);
        if (heldOut is not null)
        {
            codes.Save();
            gradual.Save();
        }
    }

    public TrainingHistory Train(DecoderModel model, SeekableBatches batches, ITrainingObjective objective)
    {
        _started = _watch.Time.GetTimestamp();
        int planned = _options.Steps;
        int closing = ClosingSteps(planned);
        int open = planned - closing;
        bool isFresh = !GoOn();
        HeldOutScore? first = isFresh ? Validate(model, 0) : null;
        if (first?.Criterion < _options.LeastDivergence && !_codes.MovesCodes)
        {
            return new([], _validations.ToImmutable(), TrainingHistory.NothingToGain);
        }

        if (isFresh && _course.IsOpen(0))
        {
            _gradual.Choose(_course.ShareAfter(0));
        }

        if (!_isClosing)
        {
            RunSteps(model, batches, objective, open, new LearningRateSchedule(_options, open));
            _isStopped = _stop.IsOver;
        }

        if (_codes.MovesCodes)
        {
            Close(model);
            var schedule = new LearningRateSchedule(
                ClosingRate * _options.LearningRate, _options.FinalLearningRateFraction, closing);
            RunSteps(model, batches, objective, closing, schedule);
        }

        RestoreBest();
        string reason = (_isStopped || _stop.IsOver) && _steps.Count < planned ? "patience" : "token budget";
        return new(_steps.ToImmutable(), _validations.ToImmutable(), reason);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _best?.Dispose();
    }

    // After the codes were decided, of which those that are not to train are at once.
    private int ClosingSteps(int planned) => (_codes.MovesCodes, _options.Train) switch
    {
        (false, _) => 0,
        (true, TrainableParts.All) => Math.Max(1, (int)(planned * ClosingShare)),
        _ => planned,
    };

    private void RunSteps(
        DecoderModel model,
        SeekableBatches batches,
        ITrainingObjective objective,
        int count,
        LearningRateSchedule schedule)
    {
        while (_done < count && !_stop.IsOver)
        {
            KeepIfDue();
            _watch.Cancellation.ThrowIfCancellationRequested();
            _steps.Add(Step(model, batches, objective, schedule.At(_done) * _caution));
            _done++;
            ChooseIfDue();
            bool due = _steps.Count % _options.ValidationInterval == 0 || _done == count;
            HeldOutScore? score = due ? Validate(model, _steps.Count) : null;
            Report(score);
        }
    }

    // After a step, so that what is measured and kept next is what was chosen.
    private void ChooseIfDue()
    {
        if (_course.IsDue(_steps.Count))
        {
            _gradual.Choose(_course.ShareAfter(_steps.Count));
        }
    }

    // Decides the codes from the best state; what follows is compared with that.
    private void Close(DecoderModel model)
    {
        if (_isClosing)
        {
            return;
        }

        (_isClosing, _done) = (true, 0);
        RestoreBest();
        _codes.Close();
        KeepState();
        _stop = new EarlyStop(_options.Patience, _options.Tolerance);
        Validate(model, _steps.Count);
    }

    private TrainingStep Step(DecoderModel model, SeekableBatches batches, ITrainingObjective objective, double rate)
    {
        using var scope = NewDisposeScope();
        using IDisposable rounding = LinearProduct.Rounding(_options.FactorsOn(model.Device));
        _optimizer.ZeroGradients();
        _codes.ZeroGradients();
        int step = _steps.Count;
        double loss = 0;
        for (int i = 0; i < _options.GradientAccumulation; i++)
        {
            long number = ((long)step * _options.GradientAccumulation) + i;
            using Tensor windows = batches.BatchAt(number).to(model.Device);
            double weight = 1.0 / _options.GradientAccumulation;
            loss += weight * _share.Accumulate(objective, model, windows, weight);
        }

        loss = _share.Gather([.. _trained, .. _codes.Leaves], loss);
        double norm = _optimizer.Clip(_options.MaxGradientNorm);
        if (IsFinite(step, loss, norm))
        {
            double share = rate / _options.LearningRate;
            CodeStep usual = _codes.DefaultRates(_validations.GetValueOrDefault(0)?.Divergence ?? 0);
            double levelRate = share * (_options.LevelLearningRate ?? usual.LevelRate);
            double scaleRate = share * (_options.ScaleLearningRate ?? usual.ScaleRate);
            _optimizer.Step(rate, _codes.IsEmpty ? null : scaleRate);
            _codes.Step(new CodeStep(levelRate, scaleRate));
            _gradual.Observe();
        }

        return new(step, (step + 1) * _options.TokensPerStep, loss, rate, norm);
    }

    // A step that is not finite is not taken: the run goes back to its best state and on with half the learning rate.
    private bool IsFinite(int step, double loss, double norm)
    {
        if (double.IsFinite(loss) && double.IsFinite(norm) && _codes.IsFinite())
        {
            return true;
        }

        if (!RollBack())
        {
            throw new NumericalException(
                $"{_phase}, step {step}: the loss is {loss} and the gradient norm {norm}; "
                + $"lower learning_rate (now {_options.LearningRate:g}) or check the student before this phase");
        }

        return false;
    }

    private bool RollBack()
    {
        if (_best is null || _rollbacks == MostRollbacks)
        {
            return false;
        }

        _rollbacks++;
        _caution /= 2;
        RestoreBest();
        return true;
    }

    private void KeepState()
    {
        if (_best is not null)
        {
            _best.Refresh();
            _codes.Save();
            _gradual.Save();
        }
    }

    private void RestoreBest()
    {
        if (_best is not null)
        {
            _best.Restore();
            _codes.Restore();
            _gradual.Restore();
        }
    }

    private HeldOutScore? Validate(DecoderModel model, int step)
    {
        if (_heldOut is null)
        {
            return null;
        }

        HeldOutScore score = _heldOut.Measure(model);
        if (double.IsNaN(score.Criterion))
        {
            throw new NumericalException(
                $"{_phase}, step {step}: the held-out perplexity is not a number; "
                + $"lower learning_rate (now {_options.LearningRate:g}) or check the student before this phase");
        }

        // A damaged student may start at infinity, which no report can hold.
        if (double.IsFinite(score.Perplexity))
        {
            _validations[step] = score;
        }

        // More than the plan keeps is no state to end with.
        if (step > 0 && _course.IsOpen(step))
        {
            return score;
        }

        bool isRelapse = score.Criterion > Relapse * _stop.Best;
        if (_stop.Observe(score.Criterion))
        {
            KeepState();
        }
        else if (isRelapse)
        {
            RollBack();
        }

        return score;
    }

    private void Report(HeldOutScore? score)
    {
        var last = _steps[^1];
        double seconds = Math.Max(1e-9, Seconds);
        double speed = last.Tokens / seconds;
        long budget = _options.Steps * _options.TokensPerStep;
        var remaining = TimeSpan.FromSeconds((budget - last.Tokens) / speed);
        bool isReported = score is not null && double.IsFinite(score.Perplexity);
        _watch.Progress?.Report(new(last, budget, speed, remaining, isReported ? score : null));
    }
}
