namespace Hypercompress.Models.Checkpoints;

/// <summary>
/// The memory that reading a head may take: so much for each byte of the file, and a part that small files have too. A
/// head of a few bytes can ask for any amount; what it asks for is counted before it is made.
/// </summary>
/// <param name="fileBytes">Length of the file.</param>
internal sealed class MemoryBudget(long fileBytes)
{
    /// <summary>The bytes that any file may take.</summary>
    public const long Base = 48L << 20;

    /// <summary>Bytes of an object before its content: header, reference to it, entry of a dictionary.</summary>
    public const long ObjectBytes = 96;

    private long _left = Base + fileBytes;

    /// <summary>Counts an object with a text.</summary>
    /// <param name="characters">Its length.</param>
    /// <returns>False when the budget is used up.</returns>
    public bool TakeText(long characters) => Take(ObjectBytes + (2 * characters));

    /// <summary>Counts memory.</summary>
    /// <param name="bytes">How much.</param>
    /// <returns>False when the budget is used up.</returns>
    public bool Take(long bytes)
    {
        _left -= bytes;
        return _left >= 0;
    }
}
