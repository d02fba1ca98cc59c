namespace Hypercompress.Training;

/// <summary>One optimizer step.</summary>
/// <param name="Step">0-based step.</param>
/// <param name="Tokens">Tokens seen so far, this step included.</param>
/// <param name="Loss">Mean loss of the step, nats per token.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="GradientNorm">Global gradient norm before clipping.</param>
public sealed record TrainingStep(int Step, long Tokens, double Loss, double LearningRate, double GradientNorm);
