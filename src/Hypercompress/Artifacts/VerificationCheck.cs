namespace Hypercompress.Artifacts;

/// <summary>One thing that was checked.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Ok">Whether it holds.</param>
/// <param name="Detail">What was found.</param>
public sealed record VerificationCheck(string Name, bool Ok, string Detail);
