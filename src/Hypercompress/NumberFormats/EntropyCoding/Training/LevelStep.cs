namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>One step of Adam (Kingma and Ba, arXiv 1412.6980) on latents.</summary>
/// <param name="Rate">Learning rate with the corrections of both moments.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="Pressure">Multiple of a level's slope in bits that is added to its gradient.</param>
internal sealed record LevelStep(float Rate, float Epsilon, float Pressure)
{
    private const double First = 0.9, Second = 0.99;
    private const double LeastRoot = 1e-12;

    /// <summary>Decay of the first moment.</summary>
    internal float FirstDecay => (float)First;

    /// <summary>Decay of the second moment.</summary>
    internal float SecondDecay => (float)Second;

    /// <summary>A step.</summary>
    /// <param name="number">Number of the step since the moments were zero, from 1.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="pressure">As <see cref="Pressure"/>.</param>
    internal static LevelStep Of(int number, double rate, double pressure)
    {
        double root = Math.Sqrt(1 - Math.Pow(Second, number));
        return new LevelStep((float)(rate * root / (1 - Math.Pow(First, number))), (float)LeastRoot, (float)pressure);
    }
}
