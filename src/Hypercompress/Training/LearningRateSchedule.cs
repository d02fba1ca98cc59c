namespace Hypercompress.Training;

/// <summary>Linear warm-up, then a cosine down to a share of the peak (Loshchilov and Hutter 2017).</summary>
internal sealed class LearningRateSchedule
{
    private readonly double _peak;
    private readonly double _final;
    private readonly int _steps;
    private readonly int _warmup;

    /// <summary>Plans the learning rates of a run.</summary>
    /// <param name="options">Peak and shares.</param>
    /// <param name="steps">Number of steps.</param>
    public LearningRateSchedule(TrainingOptions options, int steps)
        : this(options.LearningRate, options.FinalLearningRateFraction, steps, options.WarmupFraction)
    {
    }

    /// <summary>Plans some learning rates.</summary>
    /// <param name="peak">The highest, above 0.</param>
    /// <param name="finalShare">The last one as a share of it.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="warmupShare">Share of the steps that lead up to the peak.</param>
    public LearningRateSchedule(double peak, double finalShare, int steps, double warmupShare = 0)
    {
        (_peak, _final, _steps) = (peak, peak * finalShare, steps);
        _warmup = (int)Math.Ceiling(warmupShare * steps);
    }

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">0-based step.</param>
    /// <returns>Above 0: the first step has 1/warm-up of the peak, the last one the final rate.</returns>
    public double At(int step)
    {
        if (step < _warmup)
        {
            return _peak * (step + 1) / _warmup;
        }

        double done = (step - _warmup) / (double)Math.Max(1, _steps - 1 - _warmup);
        return _final + (0.5 * (_peak - _final) * (1 + Math.Cos(Math.PI * Math.Min(1, done))));
    }
}
