namespace Hypercompress.NumberFormats;

/// <summary>The layout of integer codes in groups of neighbours along a row; the last group may be shorter.</summary>
/// <param name="Bits">Bits of a code, 1 to 8.</param>
/// <param name="GroupSize">Codes that share a scale, 1 or more.</param>
/// <param name="IsAffine">
/// True where a group has a minimum beside its scale: x = scale · q + minimum. Otherwise codes are symmetric:
/// x = scale · (q − 2^(bits−1)).
/// </param>
public sealed record CodeLayout(int Bits, int GroupSize, bool IsAffine);
