namespace Hypercompress.TestKit;

/// <summary>A request that a <see cref="FakeHub"/> has got.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Path">Path of the address, decoded.</param>
/// <param name="Range">First byte that was asked for; 0 for all.</param>
/// <param name="Authorization">What was sent to say who asks.</param>
/// <param name="IsStorage">Whether it came to the storage that the Hub redirects to.</param>
public sealed record HubRequest(string Method, string Path, long Range, string? Authorization, bool IsStorage);
