using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Rows of a matrix after pruning.</summary>
/// <param name="Mask">The places that are kept, bool [m, n].</param>
/// <param name="Values">The values on them, float32 [m, n].</param>
internal readonly record struct PrunedRows(Tensor Mask, Tensor Values);
