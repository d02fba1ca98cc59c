namespace Hypercompress.Models.Tokenization.Patterns.Characters;

/// <summary>Code points from one to another.</summary>
/// <param name="First">The first one.</param>
/// <param name="Last">The last one, which belongs to the range.</param>
internal readonly record struct CodePointRange(int First, int Last);
