namespace Hypercompress.Training;

/// <summary>Linear warm-up, then one of several ways down to a share of the peak.</summary>
internal sealed class LearningRateSchedule
{
    private const double DecayShare = 0.2;
    private readonly double _peak;
    private readonly double _final;
    private readonly int _steps;
    private readonly int _warmup;
    private readonly ScheduleShape _shape;

    /// <summary>Plans the learning rates of a run.</summary>
    /// <param name="options">Peak and shares.</param>
    /// <param name="steps">Number of steps.</param>
    public LearningRateSchedule(TrainingOptions options, int steps)
        : this(
            options.LearningRate, options.FinalLearningRateFraction, steps, options.WarmupFraction, options.Schedule)
    {
    }

    /// <summary>Plans some learning rates.</summary>
    /// <param name="peak">The highest, above 0.</param>
    /// <param name="finalShare">The last one as a share of it.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="warmupShare">Share of the steps that lead up to the peak.</param>
    /// <param name="shape">How the rate goes on after them.</param>
    public LearningRateSchedule(
        double peak,
        double finalShare,
        int steps,
        double warmupShare = 0,
        ScheduleShape shape = ScheduleShape.Cosine)
    {
        (_peak, _final, _steps, _shape) = (peak, peak * finalShare, steps, shape);
        _warmup = (int)Math.Ceiling(warmupShare * steps);
    }

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">0-based step.</param>
    /// <returns>
    /// Above 0: the first step has 1/warm-up of the peak, the last one the final rate, or the peak if it is constant.
    /// </returns>
    public double At(int step)
    {
        if (step < _warmup)
        {
            return _peak * (step + 1) / _warmup;
        }

        double done = Math.Min(1, (step - _warmup) / (double)Math.Max(1, _steps - 1 - _warmup));
        return _final + ((_peak - _final) * Height(done));
    }

    // 1 at the peak, 0 at the final rate.
    private double Height(double done) => _shape switch
    {
        ScheduleShape.Constant => 1,
        ScheduleShape.Wsd => Math.Min(1, (1 - done) / DecayShare),
        _ => 0.5 * (1 + Math.Cos(Math.PI * done)),
    };
}
