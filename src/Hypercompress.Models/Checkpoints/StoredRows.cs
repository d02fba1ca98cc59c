namespace Hypercompress.Models.Checkpoints;

/// <summary>The rows of a matrix as a checkpoint stores them, until they are disposed.</summary>
/// <param name="type">Stored type as the format spells it, such as <c>Q4_1</c>.</param>
/// <param name="rowBytes">Bytes of a row.</param>
/// <param name="data">All rows of the stored tensor; owned.</param>
/// <param name="order">The stored row of each row; null where they stand in order.</param>
internal sealed class StoredRows(string type, int rowBytes, NativeBuffer data, long[]? order = null) : IDisposable
{
    /// <summary>Stored type as the format spells it.</summary>
    public string Type => type;

    /// <summary>The bytes of a row.</summary>
    /// <param name="row">0-based row.</param>
    public ReadOnlySpan<byte> Row(long row) =>
        data.Bytes.Slice(checked((int)((order?[row] ?? row) * rowBytes)), rowBytes);

    /// <summary>The same memory with other rows; one of the two is disposed.</summary>
    /// <param name="rows">The rows of this that are wanted, in order.</param>
    public StoredRows Take(long[] rows) =>
        new(type, rowBytes, data, [.. rows.Select(row => order?[row] ?? row)]);

    /// <inheritdoc/>
    public void Dispose() => data.Dispose();
}
