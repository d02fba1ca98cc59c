namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>A <see cref="LeafMatrix"/> and where its results go.</summary>
/// <param name="matrix">The matrix.</param>
/// <param name="y">Result of the first vector.</param>
/// <param name="stride">Numbers from one result to the next.</param>
internal readonly unsafe struct LeafProduct(LeafMatrix matrix, float* y, int stride)
{
    /// <summary>The matrix.</summary>
    public LeafMatrix Matrix { get; } = matrix;

    /// <summary>Result of the first vector.</summary>
    public float* Y { get; } = y;

    /// <summary>Numbers from one result to the next.</summary>
    public int Stride { get; } = stride;
}
