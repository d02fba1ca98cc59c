namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>A matrix as levels.</summary>
/// <param name="Levels">Column after column.</param>
/// <param name="Remainders">
/// What rounding took from each value, in units of levels, in the same order; empty where that is not kept.
/// </param>
internal sealed record QuantizedLevels(short[] Levels, Half[] Remainders);
