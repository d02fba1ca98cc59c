namespace Hypercompress.Models.Checkpoints;

/// <summary>Turns stored blocks of a type that torch does not have into values of one that it has.</summary>
internal abstract class BlockDecoder
{
    /// <summary>Decodes whole blocks.</summary>
    /// <param name="stored">The stored bytes: a whole number of blocks.</param>
    /// <param name="values">The bytes of the decoded values, in the machine's byte order.</param>
    /// <exception cref="OverflowException">A value does not fit the type it is widened to.</exception>
    public abstract void Decode(ReadOnlySpan<byte> stored, Span<byte> values);
}
