namespace Hypercompress.Cli.Tests;

/// <summary>A clock that moves when a test moves it; its timers fire then, once for each move.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that were not disposed.</summary>
    public int Timers => _timers.Count;

    /// <inheritdoc/>
    public override long GetTimestamp() => _now.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state), _timers);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves the clock.</summary>
    public void Move(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        foreach (ManualTimer timer in _timers.ToArray())
        {
            timer.Fire();
        }
    }

    private sealed class ManualTimer(Action fire, List<ManualTimer> running) : ITimer
    {
        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => running.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
