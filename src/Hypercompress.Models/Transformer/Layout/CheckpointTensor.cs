using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Layout;

/// <summary>One tensor of a checkpoint, put together from slots of a decoder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions as stored.</param>
/// <param name="Parts">What fills it; together all of it.</param>
public sealed record CheckpointTensor(string Name, ImmutableArray<long> Shape, ImmutableArray<SlotPart> Parts)
{
    /// <summary>Makes the tensor.</summary>
    /// <param name="rows">
    /// Gives the rows of a part, [<see cref="LayoutPart.Rows"/>, …], of the wanted type; belongs to the current dispose
    /// scope.
    /// </param>
    /// <returns>A contiguous tensor on the CPU; belongs to the current dispose scope.</returns>
    public Tensor Assemble(Func<SlotPart, Tensor> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor first = rows(Parts[0]);
        if (Parts.Length == 1 && Parts[0].Part.IsPlain)
        {
            return first.reshape([.. Shape]).contiguous().MoveToOuterDisposeScope();
        }

        Tensor whole = empty([.. Shape], dtype: first.dtype);
        Parts[0].Part.Put(whole, first);
        foreach (SlotPart placed in Parts.Skip(1))
        {
            placed.Part.Put(whole, rows(placed));
        }

        return whole.MoveToOuterDisposeScope();
    }
}
