using System.Buffers.Binary;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding;

/// <summary>
/// A matrix of levels on a grid, and its bytes: a version, the base, how classes are cut, scales and expected
/// magnitudes of rows and columns, the tables of the level model, and one run of coded levels per 2048 rows, each with
/// its length. In a run the levels go column by column, and every column begins in the start state of the trellis.
/// </summary>
/// <param name="scales">The grid.</param>
/// <param name="levels">Column after column: that of (i, j) at j · rows + i.</param>
internal sealed class CodedMatrix(MatrixScales scales, short[] levels)
{
    /// <summary>Rows of a run.</summary>
    internal const int RunRows = 2048;

    private const byte Version = 1;

    // The search looks at levels on both sides of a value.
    private const int LargestFree = LevelPrices.Largest - 8;

    /// <summary>The levels, column after column.</summary>
    internal short[] Levels => levels;

    /// <summary>The grid.</summary>
    internal MatrixScales Scales => scales;

    /// <summary>Whether values may be beyond the largest level, so that a finer grid would make them worse.</summary>
    internal bool IsClipped => levels.AsSpan().ContainsAnyExceptInRange((short)-LargestFree, (short)LargestFree);

    /// <summary>How often levels occur: [class · 2 + parity][magnitude / 2].</summary>
    internal long[][] Count()
    {
        int largest = 0;
        foreach (short level in levels)
        {
            largest = Math.Max(largest, Math.Abs((int)level));
        }

        var counts = new long[scales.Classes * 2][];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = new long[(largest / 2) + 1];
        }

        var classes = new byte[scales.Rows];
        for (int column = 0; column < scales.Columns; column++)
        {
            scales.ClassesOf(column, 0, classes);
            ReadOnlySpan<short> ofColumn = levels.AsSpan(column * scales.Rows, scales.Rows);
            for (int row = 0; row < ofColumn.Length; row++)
            {
                int magnitude = Math.Abs((int)ofColumn[row]);
                counts[(classes[row] * 2) + (magnitude & 1)][magnitude >> 1]++;
            }
        }

        return counts;
    }

    /// <summary>Writes the matrix.</summary>
    /// <param name="model">A model of its own levels.</param>
    internal byte[] Write(LevelModel model)
    {
        List<byte> stream = [Version, .. BitConverter.GetBytes(scales.Unit)];
        stream.AddRange([unchecked((byte)(sbyte)scales.Lowest), (byte)scales.Width, (byte)scales.Classes]);
        foreach (sbyte[] part in PartsOf(scales.Parts))
        {
            WriteSide(stream, part);
        }

        model.Write(stream);
        for (int first = 0; first < scales.Rows; first += RunRows)
        {
            AddRun(stream, EncodeRun(model, first, int.Min(RunRows, scales.Rows - first)));
        }

        return [.. stream];
    }

    /// <summary>Reads a matrix.</summary>
    /// <param name="data">Its bytes, and any number of others after them.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <returns>The values, float32 [rows, columns], in the caller's scope.</returns>
    /// <exception cref="FormatException">The data is malformed or ends too early.</exception>
    internal static Tensor Decode(ReadOnlySpan<byte> data, int rows, int columns)
    {
        var reader = new CodedBytes(data);
        if (reader.Byte() is var version && version != Version)
        {
            throw new FormatException($"version {version} of coded blocks is not known, only {Version}");
        }

        float unit = reader.Single();
        (int lowest, int width, int classes) = ((sbyte)reader.Byte(), reader.Byte(), reader.Byte());
        if (!float.IsFinite(unit) || unit <= 0 || width < 1 || classes < 1)
        {
            throw new FormatException($"a coded block has the base {unit} and {classes} classes of width {width}");
        }

        var parts = new ScaleParts(
            ReadSide(ref reader, rows),
            ReadSide(ref reader, columns),
            ReadSide(ref reader, rows),
            ReadSide(ref reader, columns));
        var scales = new MatrixScales(parts, unit, lowest, width, classes);
        LevelModel model = LevelModel.Read(ref reader, classes);
        Tensor values = empty(rows, columns);
        var run = new float[int.Min(RunRows, rows) * columns];
        for (int first = 0; first < rows; first += RunRows)
        {
            int count = int.Min(RunRows, rows - first);
            DecodeRun(reader.Bytes(reader.Int32()), scales, model, first, count, run);
            using Tensor decoded = tensor(run).narrow(0, 0, count * columns).view(count, columns);
            values.narrow(0, first, count).copy_(decoded);
        }

        return values;
    }

    /// <summary>Multiplies the base of a written matrix.</summary>
    /// <exception cref="NumericalException">The product is not a normal float32 above 0.</exception>
    internal static void ScaleUnit(Span<byte> data, double factor)
    {
        Span<byte> place = data.Slice(sizeof(byte), sizeof(float));
        var unit = (float)(BinaryPrimitives.ReadSingleLittleEndian(place) * factor);
        if (!float.IsNormal(unit) || unit <= 0)
        {
            throw new NumericalException(
                $"a coded block times {factor} has the base {unit}, which float32 cannot hold");
        }

        BinaryPrimitives.WriteSingleLittleEndian(place, unit);
    }

    private static sbyte[][] PartsOf(ScaleParts parts) =>
        [parts.RowScales, parts.ColumnScales, parts.RowMagnitudes, parts.ColumnMagnitudes];

    private static void WriteSide(List<byte> stream, sbyte[] values)
    {
        int least = values.Min();
        var counts = new long[FrequencyTable.MostSymbols];
        int[] symbols = [.. values.Select(value => int.Min(value - least, FrequencyTable.MostSymbols - 1))];
        foreach (int symbol in symbols)
        {
            counts[symbol]++;
        }

        FrequencyTable table = FrequencyTable.Of(counts);
        var encoder = new RansEncoder();
        for (int i = symbols.Length - 1; i >= 0; i--)
        {
            encoder.Push(table, symbols[i]);
        }

        stream.Add(unchecked((byte)(sbyte)least));
        table.Write(stream);
        AddRun(stream, encoder.Finish());
    }

    private static sbyte[] ReadSide(ref CodedBytes reader, int count)
    {
        var least = (sbyte)reader.Byte();
        FrequencyTable table = FrequencyTable.Read(ref reader);
        var decoder = new RansDecoder(reader.Bytes(reader.Int32()));
        var values = new sbyte[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (sbyte)int.Min(least + decoder.Take(table), sbyte.MaxValue);
        }

        return values;
    }

    private static void AddRun(List<byte> stream, byte[] run)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, run.Length);
        stream.AddRange(length);
        stream.AddRange(run);
    }

    private byte[] EncodeRun(LevelModel model, int firstRow, int rows)
    {
        var encoder = new RansEncoder();
        var classes = new byte[rows];
        for (int column = scales.Columns - 1; column >= 0; column--)
        {
            scales.ClassesOf(column, firstRow, classes);
            ReadOnlySpan<short> ofColumn = levels.AsSpan((column * scales.Rows) + firstRow, rows);
            for (int row = rows - 1; row >= 0; row--)
            {
                model.Push(encoder, classes[row], ofColumn[row]);
            }
        }

        return encoder.Finish();
    }

    private static void DecodeRun(
        ReadOnlySpan<byte> run, MatrixScales scales, LevelModel model, int firstRow, int rows, float[] values)
    {
        var decoder = new RansDecoder(run);
        var classes = new byte[rows];
        for (int column = 0; column < scales.Columns; column++)
        {
            scales.ClassesOf(column, firstRow, classes);
            int state = TrellisCode.Start;
            int place = column;
            for (int row = 0; row < rows; row++, place += scales.Columns)
            {
                int level = model.Take(ref decoder, classes[row], TrellisCode.Parity(state));
                values[place] = level * scales.Step(firstRow + row, column);
                state = TrellisCode.Next(state, level);
            }
        }
    }
}
