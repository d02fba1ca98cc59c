namespace Hypercompress.Models.Checkpoints;

/// <summary>The rows of a matrix as a checkpoint stores them.</summary>
/// <param name="Type">Stored type as the format spells it, such as <c>Q4_1</c>.</param>
/// <param name="RowBytes">Bytes of a row.</param>
/// <param name="Data">All rows of the stored tensor.</param>
/// <param name="Order">The stored row of each row; null where they stand in order.</param>
internal sealed record StoredRows(string Type, int RowBytes, byte[] Data, long[]? Order = null)
{
    /// <summary>The bytes of a row.</summary>
    /// <param name="row">0-based row.</param>
    public ReadOnlySpan<byte> Row(long row) => Data.AsSpan(checked((int)((Order?[row] ?? row) * RowBytes)), RowBytes);

    /// <summary>The same with other rows.</summary>
    /// <param name="rows">The rows of this that are wanted, in order.</param>
    public StoredRows Take(long[] rows) => this with { Order = [.. rows.Select(row => Order?[row] ?? row)] };
}
