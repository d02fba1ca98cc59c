using static TorchSharp.torch;

namespace Hypercompress.Exports.Sites;

/// <summary>Every value.</summary>
/// <param name="Values">float32 [rows, columns].</param>
internal sealed record DenseTerm(Tensor Values) : SiteTerm;
