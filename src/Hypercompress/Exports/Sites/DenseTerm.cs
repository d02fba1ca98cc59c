using static TorchSharp.torch;

namespace Hypercompress.Exports.Sites;

/// <summary>Every value.</summary>
/// <param name="Values">float32 [rows, columns].</param>
/// <param name="Stored">The type that holds them without loss; null where single precision is needed.</param>
internal sealed record DenseTerm(Tensor Values, ScalarType? Stored = null) : SiteTerm;
