namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// A coded block whose head is read: its grid, its tables, and where its runs are. Runs are decoded one by one, from
/// any thread.
/// </summary>
internal sealed class CodedRuns
{
    private const byte Version = CodedMatrix.Version;
    private const byte EarlierVersion = 1;

    private readonly ReadOnlyMemory<byte> _data;
    private readonly (int Start, int Length)[] _runs;
    private readonly LevelRuns? _levels;
    private readonly EarlierRuns? _earlier;

    private CodedRuns(
        ReadOnlyMemory<byte> data, MatrixScales scales, LevelCode code, (int Start, int Length)[] runs,
        LevelRuns? levels, EarlierRuns? earlier)
    {
        (_data, Scales, Code, _runs) = (data, scales, code, runs);
        (_levels, _earlier) = (levels, earlier);
    }

    /// <summary>The grid.</summary>
    internal MatrixScales Scales { get; }

    /// <summary>Which levels may follow each other.</summary>
    internal LevelCode Code { get; }

    /// <summary>Number of runs.</summary>
    internal int Count => _runs.Length;

    /// <summary>Rows of a run.</summary>
    /// <param name="run">0-based run.</param>
    internal int RowsOf(int run) => int.Min(CodedMatrix.RunRows, Scales.Rows - (run * CodedMatrix.RunRows));

    /// <summary>Reads the head.</summary>
    /// <param name="data">The block, and any number of bytes after it; not copied.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <exception cref="FormatException">The data is malformed or ends too early.</exception>
    internal static CodedRuns Open(ReadOnlyMemory<byte> data, int rows, int columns)
    {
        var reader = new CodedBytes(data.Span);
        byte version = reader.Byte();
        if (version is not (EarlierVersion or Version))
        {
            throw new FormatException(
                $"version {version} of coded blocks is not known, only {EarlierVersion} and {Version}");
        }

        float unit = reader.Single();
        (int lowest, int width, int classes) = ((sbyte)reader.Byte(), reader.Byte(), reader.Byte());
        if (!float.IsFinite(unit) || unit <= 0 || width < 1 || classes < 1)
        {
            throw new FormatException($"a coded block has the base {unit} and {classes} classes of width {width}");
        }

        bool isEarlier = version == EarlierVersion;
        (LevelCode code, int fineBits, int lanes) = isEarlier ? (LevelCode.Trellis, 0, 1) : ReadLayout(ref reader);
        var parts = new ScaleParts(
            CodedMatrix.ReadSide(ref reader, rows, fineBits),
            CodedMatrix.ReadSide(ref reader, columns, fineBits),
            CodedMatrix.ReadSide(ref reader, rows, 0),
            CodedMatrix.ReadSide(ref reader, columns, 0),
            fineBits);
        var scales = new MatrixScales(parts, unit, lowest, width, classes);
        EarlierRuns? earlier = isEarlier ? new EarlierRuns(scales, EarlierLevelModel.Read(ref reader, classes)) : null;
        LevelRuns? levels = isEarlier
            ? null
            : new LevelRuns(scales, LevelModel.Read(ref reader, classes, code), code, lanes);
        return new CodedRuns(data, scales, code, FindRuns(ref reader, rows), levels, earlier);
    }

    /// <summary>Decodes a run.</summary>
    /// <param name="run">0-based run.</param>
    /// <param name="levels">Gets its levels, row after row.</param>
    /// <exception cref="FormatException">The data is malformed.</exception>
    internal void Decode(int run, Span<short> levels)
    {
        ReadOnlySpan<byte> bytes = _data.Span.Slice(_runs[run].Start, _runs[run].Length);
        int firstRow = run * CodedMatrix.RunRows;
        if (_levels is not null)
        {
            _levels.Decode(bytes, firstRow, RowsOf(run), levels);
        }
        else
        {
            _earlier!.Decode(bytes, firstRow, RowsOf(run), levels);
        }
    }

    /// <summary>Decodes all runs.</summary>
    /// <param name="levels">Gets the levels of the matrix, row after row.</param>
    /// <exception cref="FormatException">The data is malformed.</exception>
    internal void DecodeAll(Span<short> levels)
    {
        for (int run = 0; run < Count; run++)
        {
            Decode(run, levels[(run * CodedMatrix.RunRows * Scales.Columns)..]);
        }
    }

    private static (int Start, int Length)[] FindRuns(ref CodedBytes reader, int rows)
    {
        var runs = new (int Start, int Length)[((rows - 1) / CodedMatrix.RunRows) + 1];
        for (int run = 0; run < runs.Length; run++)
        {
            int length = reader.Int32();
            int start = reader.Position;
            runs[run] = (start, reader.Bytes(length).Length);
        }

        return runs;
    }

    private static (LevelCode Code, int FineBits, int Lanes) ReadLayout(ref CodedBytes reader)
    {
        (int code, int fineBits, int lanes) = (reader.Byte(), reader.Byte(), reader.Byte());
        return code <= (int)LevelCode.Scalar && fineBits <= ScaleParts.MostFineBits && lanes >= 1
            ? ((LevelCode)code, fineBits, lanes)
            : throw new FormatException(
                $"a coded block has the level code {code}, {fineBits} fine bits of scales and {lanes} lanes");
    }
}
