using System.Collections.Frozen;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Packages.Adapters;

/// <summary>The additions of a LoRA adapter to the weights of its base, under the names of these.</summary>
internal sealed class LoraDeltas : ITensorSource
{
    private readonly ITensorSource _stored;
    private readonly FrozenDictionary<string, LoraPair> _pairs;

    /// <summary>Names the products.</summary>
    /// <param name="stored">The adapter's tensors; not disposed.</param>
    /// <param name="pairs">The factors by the name of the weight.</param>
    /// <exception cref="CheckpointException">The shapes of two factors do not fit each other.</exception>
    public LoraDeltas(ITensorSource stored, IReadOnlyDictionary<string, LoraPair> pairs)
    {
        if (pairs.Values.FirstOrDefault(pair => !pair.Fits) is { } wrong)
        {
            throw new CheckpointException(
                wrong.Down.File,
                $"\"{wrong.Up.Name}\" [{string.Join(", ", wrong.Up.Shape)}] and \"{wrong.Down.Name}\" "
                + $"[{string.Join(", ", wrong.Down.Shape)}] cannot be multiplied");
        }

        (_stored, _pairs) = (stored, pairs.ToFrozenDictionary(StringComparer.Ordinal));
        Tensors = _pairs.ToFrozenDictionary(
            pair => pair.Key,
            pair => new TensorInfo(
                pair.Key,
                "F32",
                pair.Value.Shape,
                pair.Value.Down.ByteLength + pair.Value.Up.ByteLength,
                pair.Value.Down.File),
            StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        LoraPair pair = _pairs[name];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor down = _stored.Read(pair.Down.Name).to(ScalarType.Float32);
        Tensor up = _stored.Read(pair.Up.Name).to(ScalarType.Float32);
        Tensor product = up.matmul(down).mul_(pair.Scale);
        return (pair.IsTransposed ? product.t() : product).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: the adapter's tensors belong to the adapter.</summary>
    public void Dispose()
    {
    }
}
