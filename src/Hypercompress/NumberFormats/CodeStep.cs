namespace Hypercompress.NumberFormats;

/// <summary>One step of <see cref="CodeTraining"/>.</summary>
/// <param name="LevelRate">Learning rate of the latents, levels per step.</param>
/// <param name="ScaleRate">Learning rate of the scales, as a share of their value per step.</param>
public sealed record CodeStep(double LevelRate, double ScaleRate);
