using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;

namespace Hypercompress.Tests.Pipeline;

/// <summary>Promises much and cannot keep it.</summary>
internal sealed class FailingBranch : CompressionBranch
{
    public override string Name => "failing";

    public override string Source => "a test";

    public override bool Handles(Site site) => true;

    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats) =>
        [.. new[] { 2, 3, 4 }.Select(divisor => new Offer(
            Name,
            ImmutableSortedDictionary<string, string>.Empty,
            2 * problem.Site.ElementCount / divisor,
            1e-3 * divisor))];

    public override FormMatrix Solve(SiteProblem problem, Offer offer) => throw new NumericalException("it fell over");
}
