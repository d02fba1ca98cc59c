using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>A coded block as whole numbers: what its values are computed from.</summary>
/// <param name="Scales">The grid.</param>
/// <param name="Code">Which levels may follow each other.</param>
/// <param name="Levels">Row after row: that of (i, j) at i · columns + j.</param>
internal sealed record CodedLevels(MatrixScales Scales, LevelCode Code, short[] Levels)
{
    /// <summary>The values, float32 [rows, columns], in the caller's scope.</summary>
    internal Tensor Values()
    {
        using var scope = NewDisposeScope();
        Tensor values = tensor(Levels).view(Scales.Rows, Scales.Columns).to(ScalarType.Float32);
        values.mul_(tensor(Scales.RowFactors.ToArray()).unsqueeze(1));
        return values.mul_(tensor(Scales.ColumnFactors.ToArray())).MoveToOuterDisposeScope();
    }
}
