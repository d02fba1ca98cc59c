using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Offers;

/// <summary>Cost of running a matrix, per token, besides its bytes.</summary>
/// <param name="MultiplyAdds">Multiply-adds.</param>
/// <param name="CachedValues">Values that the key/value cache keeps.</param>
public readonly record struct InferenceCost(long MultiplyAdds, long CachedValues)
{
    /// <summary>Bytes of a value in the cache: it holds 16-bit numbers.</summary>
    public const int BytesPerCachedValue = 2;

    /// <summary>Nothing.</summary>
    public static InferenceCost None => default;

    /// <summary>Bytes per token of the key/value cache.</summary>
    public long CacheBytes => BytesPerCachedValue * CachedValues;

    /// <summary>Two costs together.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Their sum.</returns>
    public static InferenceCost operator +(InferenceCost left, InferenceCost right) =>
        new(left.MultiplyAdds + right.MultiplyAdds, left.CachedValues + right.CachedValues);

    /// <summary>Cost of running a matrix that is not compressed.</summary>
    /// <param name="site">Its site.</param>
    /// <param name="isTied">
    /// Whether the embedding is the output projection as well; otherwise it is only looked up.
    /// </param>
    /// <returns>The cost.</returns>
    internal static InferenceCost OfDense(Site site, bool isTied) => new(
        site.Kind == WeightSlotKind.Embedding && !isTied ? 0 : site.ElementCount,
        site.Kind == WeightSlotKind.KeyValue ? site.Rows : 0);

    /// <summary>Sum of many costs.</summary>
    /// <param name="costs">The costs.</param>
    /// <returns>Their sum.</returns>
    public static InferenceCost Sum(IEnumerable<InferenceCost> costs) =>
        costs.Aggregate(None, (sum, cost) => sum + cost);
}
