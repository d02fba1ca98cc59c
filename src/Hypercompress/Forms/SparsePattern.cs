using System.Globalization;
using System.Numerics;

namespace Hypercompress.Forms;

/// <summary>
/// So many values in every group of neighbours of a row, such as 2 of every 4. Where the columns do not fill the last
/// group it is shorter and keeps as many as fit.
/// </summary>
/// <param name="Kept">Values kept of a group, at least 1.</param>
/// <param name="Group">Places of a group, above <paramref name="Kept"/> and at most 32.</param>
public sealed record SparsePattern(int Kept, int Group)
{
    /// <summary>The largest group.</summary>
    public const int LargestGroup = 32;

    /// <summary>Share of zeros of full groups.</summary>
    public double Sparsity => 1 - ((double)Kept / Group);

    /// <summary>Reads <c>n:m</c>.</summary>
    /// <param name="text">Such as <c>2:4</c>.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="FormatException">It is none, or not 1 ≤ n &lt; m ≤ 32.</exception>
    public static SparsePattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int kept)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int group)
            && kept >= 1 && kept < group && group <= LargestGroup
            ? new SparsePattern(kept, group)
            : throw new FormatException(
                $"'{text}' is not a pattern; it must be n:m with 1 ≤ n < m ≤ {LargestGroup}, such as 2:4");
    }

    /// <summary><c>n:m</c>.</summary>
    /// <returns>A text that <see cref="Parse"/> reads.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kept}:{Group}");

    /// <summary>Values that a row keeps.</summary>
    /// <param name="columns">Columns of the matrix.</param>
    /// <returns>At least 1.</returns>
    public long KeptPerRow(long columns) => (columns / Group * Kept) + long.Min(Kept, columns % Group);

    /// <summary>Bits that say which places a row keeps: a whole number per group.</summary>
    /// <param name="columns">Columns of the matrix.</param>
    /// <returns>Fewer than one bit per place.</returns>
    internal long RowBits(long columns) => (columns / Group * GroupBits(Group)) + GroupBits((int)(columns % Group));

    /// <summary>Bits that number the choices of a group of so many places.</summary>
    internal int GroupBits(int width) => 64 - BitOperations.LeadingZeroCount((ulong)(Choices(width) - 1));

    /// <summary>In how many ways a group of so many places keeps its values.</summary>
    internal long Choices(int width) => Binomial(width, int.Min(Kept, width));

    /// <summary>n over k.</summary>
    internal static long Binomial(int n, int k)
    {
        long product = k > n ? 0 : 1;
        for (int i = 1; i <= k && product > 0; i++)
        {
            product = product * (n - k + i) / i;
        }

        return product;
    }
}
