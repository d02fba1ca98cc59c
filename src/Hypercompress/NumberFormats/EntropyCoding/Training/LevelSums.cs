namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>Sums over a matrix that a step needs besides its latents.</summary>
/// <param name="OfRows">Σ gradient · value of each row: the gradient of the logarithm of its scale.</param>
/// <param name="OfColumns">The same of each column.</param>
/// <param name="Squares">Σ of squared gradients per level.</param>
internal sealed record LevelSums(float[] OfRows, float[] OfColumns, double Squares);
