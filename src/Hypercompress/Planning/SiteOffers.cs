using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Branches;

namespace Hypercompress.Planning;

/// <summary>Everything that can be had at a site.</summary>
/// <param name="Site">The place.</param>
/// <param name="KeepBytes">Bytes of leaving the matrix dense in the teacher's own type, at no error.</param>
/// <param name="Energy">J of leaving the matrix out altogether, in nats per token.</param>
/// <param name="Offers">What the branches offer.</param>
public sealed record SiteOffers(Site Site, long KeepBytes, double Energy, ImmutableArray<Offer> Offers);
