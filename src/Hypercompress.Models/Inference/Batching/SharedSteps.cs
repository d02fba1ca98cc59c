namespace Hypercompress.Models.Inference.Batching;

/// <summary>
/// Lets sequences of different threads decode together: whoever finds the engine free computes the steps of all who
/// wait, and those who come meanwhile are in the next step. Prompts are computed a layer at a time, and steps come
/// between layers. May be used by several threads.
/// </summary>
internal sealed class SharedSteps
{
    /// <summary>The most tokens of a step.</summary>
    public const int MostTokens = 64;

    /// <summary>
    /// How many tokens prompts take through a layer between two steps: those of the longest pass, or fewer through
    /// several layers.
    /// </summary>
    public const int MostPromptWork = 512;

    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(10);

    private readonly Action<IReadOnlyList<SequenceStep>> _compute;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _fixedPatience;
    private readonly object _gate = new();
    private readonly List<SequenceStep> _waiting = [];
    private readonly List<object> _prompts = [];

    // Sequences of the last step, which the next one waits for.
    private readonly HashSet<object> _expected = [];
    private TimeSpan _patience;
    private bool _isBusy;

    // Tokens that prompts took through a layer since the last step, at most MostPromptWork.
    private int _promptWork;

    /// <summary>Prepares.</summary>
    /// <param name="compute">Computes steps of different sequences; called by one thread at a time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="patience">
    /// How long a sequence of the last step is waited for, which chooses its token and comes back; null for as long as
    /// that step took, at least 10 ms.
    /// </param>
    public SharedSteps(
        Action<IReadOnlyList<SequenceStep>> compute, TimeProvider time, TimeSpan? patience = null)
    {
        (_compute, _time, _fixedPatience) = (compute, time, patience);
        _patience = patience ?? LeastPatience;
    }

    /// <summary>Steps that wait to be computed.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    private bool IsStepReady => _waiting.Count > 0 && _expected.Count == 0;

    // Where both wait, prompts do their share and then a step is computed; the prompt that came first goes first.
    private bool MayStep => !_isBusy && IsStepReady && (_prompts.Count == 0 || _promptWork >= MostPromptWork);

    /// <summary>Computes a step, beside those of others.</summary>
    /// <param name="step">The step; its part says whether it failed.</param>
    public void Run(SequenceStep step)
    {
        lock (_gate)
        {
            _expected.Remove(step.Owner);
            _waiting.Add(step);
            Monitor.PulseAll(_gate);
        }

        while (Lead(step) is { } together)
        {
            Compute(together);
        }
    }

    /// <summary>Computes a pass of many tokens.</summary>
    /// <param name="owner">The sequence.</param>
    /// <param name="tokens">How many tokens.</param>
    /// <param name="pass">The pass; gets what does each layer of it when its turn has come.</param>
    /// <param name="cancellation">Ends the pass between two layers.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public void RunPrompt(
        object owner, int tokens, Action<Action<Action>> pass, CancellationToken cancellation)
    {
        Leave(owner);
        object prompt = new();
        using CancellationTokenRegistration wake = cancellation.Register(Wake);
        lock (_gate)
        {
            _prompts.Add(prompt);
        }

        try
        {
            pass(work => Run(prompt, tokens, work, cancellation));
        }
        finally
        {
            lock (_gate)
            {
                _prompts.Remove(prompt);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>No longer waits for a sequence.</summary>
    /// <param name="owner">The sequence, which has ended or does something else.</param>
    public void Leave(object owner)
    {
        lock (_gate)
        {
            if (_expected.Remove(owner))
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    // Steps that the calling thread has to compute; null when its own is done.
    private List<SequenceStep>? Lead(SequenceStep step)
    {
        lock (_gate)
        {
            while (!step.IsDone)
            {
                if (MayStep)
                {
                    _isBusy = true;
                    return Take();
                }

                if (!Monitor.Wait(_gate, _patience) && !_isBusy)
                {
                    _expected.Clear();
                }
            }

            return null;
        }
    }

    private List<SequenceStep> Take()
    {
        int count = 0;
        int tokens = 0;
        while (count < _waiting.Count && (count == 0 || tokens + _waiting[count].Part.Ids.Length <= MostTokens))
        {
            tokens += _waiting[count++].Part.Ids.Length;
        }

        List<SequenceStep> taken = _waiting[..count];
        _waiting.RemoveRange(0, count);
        return taken;
    }

    private void Compute(List<SequenceStep> together)
    {
        long started = _time.GetTimestamp();
        try
        {
            _compute(together);
        }
        catch (Exception problem)
        {
            together.ForEach(step => step.Part.Fail(problem));
        }

        TimeSpan elapsed = _time.GetElapsedTime(started);
        lock (_gate)
        {
            _patience = _fixedPatience ?? (elapsed > LeastPatience ? elapsed : LeastPatience);
            foreach (SequenceStep step in together)
            {
                step.IsDone = true;
                _expected.Add(step.Owner);
            }

            End(promptWork: 0);
        }
    }

    private void Run(object prompt, int tokens, Action work, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (_isBusy || _prompts[0] != prompt || (IsStepReady && _promptWork >= MostPromptWork))
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            cancellation.ThrowIfCancellationRequested();
            _isBusy = true;
        }

        try
        {
            work();
        }
        finally
        {
            lock (_gate)
            {
                End(_promptWork + tokens);
            }
        }
    }

    private void End(int promptWork)
    {
        (_isBusy, _promptWork) = (false, int.Min(promptWork, MostPromptWork));
        Monitor.PulseAll(_gate);
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }
}
