namespace Hypercompress.Planning.Choices;

/// <summary>What a search over all choices is looking for.</summary>
/// <param name="LeastBytes">Fewest bytes that are of interest.</param>
/// <param name="MostBytes">Most bytes that are of interest.</param>
/// <param name="BytePrice">Nats per byte at which <paramref name="Gap"/> is measured.</param>
/// <param name="Gap">
/// How far error + price · bytes may lie above its least possible value, in nats; infinity when every sum is of interest.
/// </param>
/// <param name="KeepDominated">Whether a sum stays of interest although another has fewer bytes and less error.</param>
internal sealed record SearchBounds(
    long LeastBytes, long MostBytes, double BytePrice, double Gap, bool KeepDominated);
