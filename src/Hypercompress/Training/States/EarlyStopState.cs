namespace Hypercompress.Training.States;

/// <summary>What <see cref="EarlyStop"/> remembers.</summary>
/// <param name="Reference">The measurement that the next gain is counted from.</param>
/// <param name="Best">The lowest measurement.</param>
/// <param name="Without">Measurements in a row without a gain.</param>
internal sealed record EarlyStopState(double Reference, double Best, int Without);
