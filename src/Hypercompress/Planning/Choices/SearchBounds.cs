namespace Hypercompress.Planning.Choices;

/// <summary>The sums that a search over all choices looks for.</summary>
/// <param name="LeastBytes">Fewest bytes that are of interest.</param>
/// <param name="MostBytes">Most bytes that are of interest.</param>
/// <param name="BytePrice">Nats per byte at which <paramref name="Gap"/> is measured.</param>
/// <param name="Gap">
/// How far error + price · bytes may exceed its least possible value, in nats; infinity to keep every sum.
/// </param>
/// <param name="KeepDominated">Whether a sum is kept although another one has fewer bytes and less error.</param>
internal sealed record SearchBounds(
    long LeastBytes, long MostBytes, double BytePrice, double Gap, bool KeepDominated);
