using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>Picking rows of a table by ids of any shape.</summary>
internal static class RowGather
{
    /// <summary>Picks rows of a table.</summary>
    /// <param name="table">Gives float32 [rows, columns]; called inside a scope of its own.</param>
    /// <param name="ids">int64 [...].</param>
    /// <returns>float32 [..., columns].</returns>
    internal static Tensor Pick(Func<Tensor> table, Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var scope = NewDisposeScope();
        var rows = table();
        long[] shape = [.. ids.shape, rows.shape[1]];
        return rows.index_select(0, ids.reshape(-1)).reshape(shape).MoveToOuterDisposeScope();
    }
}
