using System.Numerics;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>
/// The step and the base of a part, for several rows at once, and the cost of the codes that go with them.
/// </summary>
/// <param name="Step">The step.</param>
/// <param name="Base">The base; 0 where parts have none.</param>
/// <param name="Cost">Weighted squared errors.</param>
internal readonly record struct PartFit(Vector<float> Step, Vector<float> Base, Vector<float> Cost)
{
    /// <summary>No fit: any other is better.</summary>
    public static PartFit None { get; } = new(default, default, new Vector<float>(float.PositiveInfinity));

    /// <summary>The better of two fits, row by row; this one where they are equal.</summary>
    /// <param name="other">Another fit.</param>
    public PartFit Better(PartFit other)
    {
        Vector<int> improves = Vector.LessThan(other.Cost, Cost);
        return new PartFit(
            Vector.ConditionalSelect(improves, other.Step, Step),
            Vector.ConditionalSelect(improves, other.Base, Base),
            Vector.ConditionalSelect(improves, other.Cost, Cost));
    }
}
