namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>A matrix in its bytes.</summary>
/// <param name="Bytes">The stream.</param>
/// <param name="Remainders">As in <see cref="QuantizedLevels"/>.</param>
internal sealed record CodedFit(byte[] Bytes, Half[] Remainders);
