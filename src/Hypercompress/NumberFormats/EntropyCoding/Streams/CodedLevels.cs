namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>A coded block as whole numbers: what its values are computed from.</summary>
/// <param name="Scales">The grid.</param>
/// <param name="Code">Which levels may follow each other.</param>
/// <param name="Levels">Row after row: that of (i, j) at i · columns + j.</param>
internal sealed record CodedLevels(MatrixScales Scales, LevelCode Code, short[] Levels);
