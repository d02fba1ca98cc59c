using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>Cuts the rows of a large matrix into parts, so that temporary tensors stay small.</summary>
internal static class LevelParts
{
    private const long PartValues = 1 << 21;

    /// <summary>Cuts.</summary>
    /// <param name="matrix">[rows, columns].</param>
    /// <returns>First row and number of rows of each part, in order.</returns>
    internal static IEnumerable<(long First, long Count)> Of(Tensor matrix)
    {
        (long rows, long columns) = (matrix.shape[0], matrix.shape[1]);
        long most = Math.Max(1, PartValues / columns);
        for (long first = 0; first < rows; first += most)
        {
            yield return (first, Math.Min(most, rows - first));
        }
    }
}
