namespace Hypercompress.NumberFormats.Registry;

/// <summary>A kind of number format that can be named in artifacts, plans and configurations.</summary>
/// <param name="Examples">Names of the kind, for messages: <c>int8-g64, uint4-g64</c>.</param>
/// <param name="TryParse">Gives the format of a name, or null where the name is not one of the kind.</param>
public sealed record NumberFormatRegistration(string Examples, Func<string, ValueFormat?> TryParse);
