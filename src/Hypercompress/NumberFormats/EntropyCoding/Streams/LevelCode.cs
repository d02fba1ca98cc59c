namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>Which levels may follow each other along a column.</summary>
internal enum LevelCode
{
    /// <summary>
    /// Levels follow a 64-state trellis: 0.2 bits less per value at the same error, but one changed level changes those
    /// after it, so that levels do not train.
    /// </summary>
    Trellis,

    /// <summary>Any level may stand anywhere: each trains by itself.</summary>
    Scalar,
}
