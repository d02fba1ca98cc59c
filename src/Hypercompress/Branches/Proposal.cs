using Hypercompress.Forms;
using Hypercompress.Sites;

namespace Hypercompress.Branches;

/// <summary>A branch's finished piece for a site.</summary>
/// <param name="Site">The place.</param>
/// <param name="Offer">The offer that was carried out.</param>
/// <param name="Matrix">The piece; owned by whoever holds the proposal.</param>
/// <param name="Error">Measured J in nats per token.</param>
public sealed record Proposal(Site Site, Offer Offer, FormMatrix Matrix, double Error)
{
    /// <summary>Disposes pieces that nobody is to have.</summary>
    internal static void Discard(IEnumerable<Proposal> proposals) =>
        FormMatrix.Release(proposals.Select(proposal => proposal.Matrix));
}
