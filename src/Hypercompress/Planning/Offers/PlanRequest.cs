using System.Collections.Immutable;
using Hypercompress.Branches;

namespace Hypercompress.Planning.Offers;

/// <summary>The target of a plan, and the offers that it may take.</summary>
/// <param name="AskedRatio">Teacher bytes / student bytes.</param>
/// <param name="TargetBytes">Bytes that the student's weights may take; see <see cref="TargetFor"/>.</param>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="FixedBytes">Bytes that are kept in any case: norms and biases.</param>
/// <param name="Sites">The sites with their offers, in the order of the decoder.</param>
public sealed record PlanRequest(
    double AskedRatio, long TargetBytes, long TeacherBytes, long FixedBytes, ImmutableArray<SiteOffers> Sites)
{
    /// <summary>
    /// A plan uses at least this share of its bytes: the ratio it reaches is at most 1 % above the one asked for.
    /// </summary>
    public const double Precision = 1.01;

    /// <summary>Whether the size was given in bytes and not as a ratio: messages then speak of bytes.</summary>
    public bool AskedInBytes { get; init; }

    /// <summary>Offers for several sites together.</summary>
    public ImmutableArray<OfferStack> Stacks { get; init; } = [];

    /// <summary>Which offers may be taken together; two fitted ones by default.</summary>
    public CombinationRule Combination { get; init; } = CombinationRule.Joint;

    /// <summary>Whether low-rank factors may be stored as factors.</summary>
    public StructuralRequest Structural { get; init; } = StructuralRequest.None;

    /// <summary>
    /// Sites whose name matches one of these are not compressed; <c>*</c> stands for any text, <c>?</c> for one
    /// character.
    /// </summary>
    public ImmutableArray<string> ExcludePatterns { get; init; } = [];

    /// <summary>Limits on the cost of running the student.</summary>
    public PlanLimits Limits { get; init; } = PlanLimits.None;

    /// <summary>Whether all layers are treated alike: the same offers for the same kind of site.</summary>
    public bool Uniform { get; init; }

    /// <summary>Names of sites that take the same offer, or all of them none; each in one group at most.</summary>
    public ImmutableArray<ImmutableArray<string>> Alike { get; init; } = [];

    /// <summary>Whether a plan may leave more than 1 % of the bytes unused.</summary>
    public bool Loose { get; init; }

    /// <summary>The size as it was asked for.</summary>
    internal AskedSize Asked => new(AskedRatio, TeacherBytes, AskedInBytes);

    /// <summary>The most bytes that still reach a ratio.</summary>
    /// <param name="teacherBytes">Bytes of the teacher's weights.</param>
    /// <param name="ratio">Positive and finite.</param>
    /// <returns>The largest b with <paramref name="teacherBytes"/> / b ≥ <paramref name="ratio"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is not positive and finite.</exception>
    public static long TargetFor(long teacherBytes, double ratio)
    {
        if (!double.IsFinite(ratio) || ratio <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "a ratio is positive and finite");
        }

        var bytes = (long)Math.Floor(teacherBytes / ratio);
        return (double)teacherBytes / (bytes + 1) >= ratio ? bytes + 1 : bytes;
    }
}
