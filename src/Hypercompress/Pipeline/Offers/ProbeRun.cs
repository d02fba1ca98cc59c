using System.Collections.Immutable;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Transformer;
using Hypercompress.Phases;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Pipeline.Offers;

/// <summary>The inputs of the measurements of damaged models.</summary>
/// <param name="Teacher">The model.</param>
/// <param name="Problems">Poses the problems of the sites.</param>
/// <param name="Sites">The sites with their offers.</param>
/// <param name="Cache">Measures one damaged site; null to measure all sites together only.</param>
/// <param name="Undamaged">Losses of the undamaged model.</param>
/// <param name="Progress">The phase.</param>
internal sealed record ProbeRun(
    DecoderModel Teacher,
    IProblemSource Problems,
    ImmutableArray<SiteOffers> Sites,
    PrefixCache? Cache,
    TokenLosses Undamaged,
    PhaseProgress Progress);
