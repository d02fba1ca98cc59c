using static TorchSharp.torch;

namespace Hypercompress.Exports.Sites;

/// <summary>Up · Down, with fewer values than their product.</summary>
/// <param name="Up">float32 [rows, rank].</param>
/// <param name="Down">float32 [rank, columns].</param>
/// <param name="Stored">The type that holds both without loss; null where single precision is needed.</param>
internal sealed record FactorTerm(Tensor Up, Tensor Down, ScalarType? Stored = null) : SiteTerm;
