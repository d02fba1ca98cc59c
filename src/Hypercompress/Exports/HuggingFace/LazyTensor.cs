using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>Tensors that are made when they are written, so that one at a time is in memory.</summary>
internal static class LazyTensor
{
    /// <summary>A tensor to write.</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="type">Its type.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="make">Makes it, inside a scope of its own.</param>
    internal static TensorToWrite Of(
        string name, ScalarType type, ImmutableArray<long> shape, Func<Tensor> make) => new(
        name,
        type,
        shape,
        () =>
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            return make().clone().MoveToOuterDisposeScope().DetachFromDisposeScope();
        });
}
