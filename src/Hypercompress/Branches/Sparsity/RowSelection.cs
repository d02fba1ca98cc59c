namespace Hypercompress.Branches.Sparsity;

/// <summary>The largest of some numbers.</summary>
internal static class RowSelection
{
    /// <summary>Marks the largest scores; of equal ones, those that come first.</summary>
    /// <param name="scores">Finite numbers.</param>
    /// <param name="kept">How many, 0 to all of them.</param>
    /// <param name="scratch">Room for as many numbers; overwritten.</param>
    /// <param name="keep">Receives true for each that is kept.</param>
    internal static void Largest(ReadOnlySpan<float> scores, int kept, Span<float> scratch, Span<bool> keep)
    {
        keep.Clear();
        if (kept == 0)
        {
            return;
        }

        scores.CopyTo(scratch);
        float threshold = Ascending(scratch[..scores.Length], scores.Length - kept);
        int missing = kept;
        for (int i = 0; i < scores.Length; i++)
        {
            keep[i] = scores[i] > threshold;
            missing -= keep[i] ? 1 : 0;
        }

        for (int i = 0; missing > 0; i++)
        {
            if (scores[i] == threshold)
            {
                keep[i] = true;
                missing--;
            }
        }
    }

    // Hoare's selection: the number that would be at an index if all were sorted.
    private static float Ascending(Span<float> numbers, int place)
    {
        (int low, int high) = (0, numbers.Length - 1);
        while (low < high)
        {
            (int left, int right) = Part(numbers, low, high);
            if (place > right && place < left)
            {
                break;
            }

            (low, high) = place <= right ? (low, right) : (left, high);
        }

        return numbers[place];
    }

    private static (int Left, int Right) Part(Span<float> numbers, int low, int high)
    {
        float pivot = numbers[(low + high) / 2];
        (int left, int right) = (low, high);
        while (left <= right)
        {
            while (numbers[left] < pivot)
            {
                left++;
            }

            while (numbers[right] > pivot)
            {
                right--;
            }

            if (left <= right)
            {
                (numbers[left], numbers[right]) = (numbers[right], numbers[left]);
                (left, right) = (left + 1, right - 1);
            }
        }

        return (left, right);
    }
}
