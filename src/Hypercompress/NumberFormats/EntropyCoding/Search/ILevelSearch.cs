namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>Finds the levels along a run of values that cost least: Σ (value − level)² + λ · bits(level).</summary>
internal interface ILevelSearch
{
    /// <summary>Searches.</summary>
    /// <param name="values">Values in units of the level grid.</param>
    /// <param name="classes">Class of each value, which prices its levels.</param>
    /// <param name="prices">Costs of levels in bits.</param>
    /// <param name="levels">Receives one level per value.</param>
    /// <param name="state">The state of the trellis that the path begins in; not used without a trellis.</param>
    void Run(ReadOnlySpan<float> values, ReadOnlySpan<byte> classes, LevelPrices prices, Span<short> levels, int state);
}
