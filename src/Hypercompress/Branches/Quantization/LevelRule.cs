using Hypercompress.Branches.Solvers;
using Hypercompress.NumberFormats.EntropyCoding.Search;

namespace Hypercompress.Branches.Quantization;

/// <summary>Lets a column sweep decide columns as entropy-coded levels.</summary>
/// <param name="quantizer">Keeps the levels.</param>
internal sealed class LevelRule(LevelQuantizer quantizer) : IColumnRule
{
    /// <inheritdoc/>
    public void Decide(int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided) =>
        quantizer.Quantize(column, firstRow, wanted, decided);
}
