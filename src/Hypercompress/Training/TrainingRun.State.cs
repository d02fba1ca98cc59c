using System.Collections.Immutable;
using Hypercompress.Journal;
using Hypercompress.Training.States;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>The state of the run between two steps, to go on with in another process.</summary>
internal sealed partial class TrainingRun
{
    private const string Parameters = "parameter.";
    private const string Position = "position";
    private const string Steps = "steps";
    private const string Validations = "validations";
    private const string Waiting = "waiting";

    private double Seconds => _earlierSeconds + _watch.Time.GetElapsedTime(_started).TotalSeconds;

    // A run that is asked to stop keeps its last step, however short ago it kept the one before.
    private void KeepIfDue()
    {
        if (_watch.Checkpoints is { } checkpoints && _steps.Count > 0
            && (checkpoints.IsDue || _watch.Cancellation.IsCancellationRequested) && _codes.CanKeep)
        {
            using var scope = NewDisposeScope();
            checkpoints.Write(Keep);
        }
    }

    private void Keep(EntryDraft draft)
    {
        draft.Document[Position] = JournalJson.ToNode(
            new TrainingPosition(_isClosing, _done, _isStopped, _caution, _rollbacks, Seconds));
        draft.Document[Steps] = JournalJson.ToNode(_steps.ToImmutable());
        draft.Document[Validations] = JournalJson.ToNode(_validations.ToImmutable());
        draft.Document[Waiting] = JournalJson.ToNode(_stop.State);
        TensorState.Write(draft, Parameters, _trained);
        _optimizer.Keep(draft);
        _best?.Keep(draft);
        _codes.Keep(draft);
        _gradual.Keep(draft);
    }

    private bool GoOn()
    {
        using JournalEntry? kept = _watch.Checkpoints?.Find();
        if (kept is null)
        {
            return false;
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var position = kept.Get<TrainingPosition>(Position);
        (_isClosing, _done, _isStopped, _caution, _rollbacks, _earlierSeconds) = position;
        _steps.AddRange(kept.Get<ImmutableArray<TrainingStep>>(Steps));
        _validations.AddRange(kept.Get<Dictionary<int, HeldOutScore>>(Validations));
        _stop.State = kept.Get<EarlyStopState>(Waiting);
        TensorState.Read(kept, Parameters, _trained);
        _optimizer.GoOn(kept);
        _best?.GoOn(kept);
        _codes.GoOn(kept);
        _gradual.GoOn(kept);
        Repeat();
        return true;
    }

    // Curves show the whole run, whichever process took a step.
    private void Repeat()
    {
        foreach (TrainingStep step in _steps)
        {
            double speed = step.Tokens / Math.Max(1e-9, _earlierSeconds) * _steps.Count / (step.Step + 1);
            HeldOutScore? score = _validations.GetValueOrDefault(step.Step + 1);
            _watch.Progress?.Report(
                new(step, _options.Steps * _options.TokensPerStep, speed, TimeSpan.Zero, score));
        }
    }
}
