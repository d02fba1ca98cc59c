namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>
/// The errors of the elements of a part, and what they do to each other. Elements are decided from the last to the
/// first; the target of element k moves by ratio(k, i) times the error of each element i that was decided before.
/// </summary>
internal sealed class PartFeedback
{
    /// <summary>Copies the feedback inside a part out of that inside a block.</summary>
    /// <param name="ratios">Ratios of the block, row after row; those with i ≤ k are not read.</param>
    /// <param name="weights">Cost of a squared error of each element of the block.</param>
    /// <param name="first">The first element of the part.</param>
    /// <param name="size">Elements of the part.</param>
    public PartFeedback(ReadOnlySpan<float> ratios, ReadOnlySpan<float> weights, int first, int size)
    {
        Ratios = new float[size * size];
        Sums = new float[size];
        Weights = weights.Slice(first, size).ToArray();
        for (int k = 0; k < size; k++)
        {
            ReadOnlySpan<float> row = ratios.Slice(((first + k) * weights.Length) + first, size);
            row[(k + 1)..].CopyTo(Ratios.AsSpan((k * size) + k + 1));
            Sums[k] = 1;
            foreach (float ratio in row[(k + 1)..])
            {
                Sums[k] += ratio;
            }
        }
    }

    /// <summary>Ratios, row k by row k.</summary>
    public float[] Ratios { get; }

    /// <summary>Cost of a squared error of each element.</summary>
    public float[] Weights { get; }

    /// <summary>1 and the ratios of a row together.</summary>
    public float[] Sums { get; }
}
