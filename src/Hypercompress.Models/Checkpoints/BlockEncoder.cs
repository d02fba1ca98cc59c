namespace Hypercompress.Models.Checkpoints;

/// <summary>
/// Rounds values to the stored blocks of a type that torch does not have: the inverse of a <see cref="BlockDecoder"/>.
/// </summary>
internal abstract class BlockEncoder
{
    /// <summary>Encodes whole blocks; the same values always give the same bytes.</summary>
    /// <param name="values">The values: a whole number of blocks.</param>
    /// <param name="stored">The bytes of as many blocks.</param>
    public abstract void Encode(ReadOnlySpan<float> values, Span<byte> stored);
}
