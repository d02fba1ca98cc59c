using System.Collections.Immutable;
using Hypercompress.Branches;

namespace Hypercompress.Planning.Offers;

/// <summary>Whether low-rank factors may be stored as factors.</summary>
/// <param name="Enable">The configured value; null to decide by the offers that the plan takes.</param>
/// <param name="FactoringBranches">Names of the branches whose pieces are factors.</param>
public sealed record StructuralRequest(bool? Enable, ImmutableHashSet<string> FactoringBranches)
{
    /// <summary>Above this ratio factorization switches itself on.</summary>
    public const double AutomaticRatio = 10;

    /// <summary>No branch makes factors, and nothing was asked for.</summary>
    public static StructuralRequest None { get; } = new(null, []);

    /// <summary>Whether offers of factoring branches may be taken.</summary>
    /// <param name="askedRatio">Teacher bytes / student bytes.</param>
    /// <returns>False only when factorization is switched off and the ratio does not force it.</returns>
    public bool Allows(double askedRatio) => Enable != false || askedRatio > AutomaticRatio;

    /// <summary>Whether an offer's piece is made of factors.</summary>
    /// <param name="offer">The offer.</param>
    /// <returns>True when a factoring branch made it.</returns>
    public bool IsFactoring(Offer offer)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return FactoringBranches.Contains(offer.Branch);
    }
}
