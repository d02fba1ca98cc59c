using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Layout;

/// <summary>
/// The rows of a checkpoint's tensor that a slot of a decoder is made of: the whole tensor as it is, unless a property
/// says otherwise.
/// </summary>
/// <param name="TensorName">The tensor's name in the checkpoint.</param>
/// <param name="Rows">How many rows of the slot it fills.</param>
public sealed record LayoutPart(string TensorName, long Rows)
{
    /// <summary>Rows of the whole tensor, all its parts together.</summary>
    public long TensorRows { get; init; } = Rows;

    /// <summary>In how many equal blocks of rows the tensor is divided; each has a share of every part.</summary>
    public long Blocks { get; init; } = 1;

    /// <summary>First row of the part in each block.</summary>
    public long Start { get; init; }

    /// <summary>Number of heads whose two halves of rows are interleaved in the tensor; 0 when they are not.</summary>
    public long PairedHeads { get; init; }

    /// <summary>Whether the tensor is stored as [columns, rows].</summary>
    public bool IsTransposed { get; init; }

    /// <summary>The number that was added to the values before they were stored.</summary>
    public double Added { get; init; }

    /// <summary>Whether the tensor is stored just as the slot needs it.</summary>
    public bool IsPlain => Rows == TensorRows && PairedHeads == 0 && !IsTransposed && Added == 0;

    /// <summary>Takes the part out of a tensor of the checkpoint.</summary>
    /// <param name="stored">The tensor, [<see cref="TensorRows"/>, …] or transposed; stays as it is.</param>
    /// <returns>[<see cref="Rows"/>, …], a view where that is possible; belongs to the current dispose scope.</returns>
    public Tensor Take(Tensor stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        using var scope = NewDisposeScope();
        Tensor region = Region(stored);
        long[] rest = region.shape[2..];
        Tensor rows = region.reshape([Rows, .. rest]);
        if (PairedHeads > 0)
        {
            rows = rows.reshape([PairedHeads, Rows / PairedHeads / 2, 2, .. rest])
                .transpose(1, 2).reshape([Rows, .. rest]);
        }

        return (Added == 0 ? rows.alias() : rows - Added).MoveToOuterDisposeScope();
    }

    /// <summary>Which rows of the checkpoint's tensor the part has, in its order.</summary>
    /// <returns>A 0-based row of the tensor for each row of the part.</returns>
    internal long[] TakenRows()
    {
        var taken = new long[Rows];
        long ofBlock = Rows / Blocks;
        for (long row = 0; row < Rows; row++)
        {
            long place = Unpaired(row);
            taken[row] = (place / ofBlock * (TensorRows / Blocks)) + Start + (place % ofBlock);
        }

        return taken;
    }

    // Where a row of two halves stands among interleaved ones.
    private long Unpaired(long row)
    {
        if (PairedHeads == 0)
        {
            return row;
        }

        long width = Rows / PairedHeads;
        (long head, long place, long half) = (row / width, row % width, width / 2);
        return (head * width) + (place % half * 2) + (place / half);
    }

    /// <summary>Puts the part into a tensor for the checkpoint: the inverse of <see cref="Take"/>.</summary>
    /// <param name="stored">
    /// The tensor, contiguous, [<see cref="TensorRows"/>, …] or transposed; changed in place.
    /// </param>
    /// <param name="rows">[<see cref="Rows"/>, …].</param>
    public void Put(Tensor stored, Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(rows);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor region = Region(stored);
        long[] rest = region.shape[2..];
        Tensor values = Added == 0 ? rows : rows + Added;
        if (PairedHeads > 0)
        {
            values = values.reshape([PairedHeads, 2, Rows / PairedHeads / 2, .. rest]).transpose(1, 2);
        }

        region.copy_(values.reshape(region.shape));
    }

    /// <summary>The part's rows as a view [blocks, rows a block, …].</summary>
    private Tensor Region(Tensor stored)
    {
        Tensor upright = IsTransposed ? stored.t() : stored;
        long[] rest = upright.shape[1..];
        Tensor blocks = Blocks == 1 ? upright.unsqueeze(0) : upright.view([Blocks, TensorRows / Blocks, .. rest]);
        return blocks.narrow(1, Start, Rows / Blocks);
    }
}
