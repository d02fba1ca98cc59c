using System.Buffers.Binary;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// A matrix of levels on a grid, and its bytes: a version, the base, how classes are cut, which levels may follow each
/// other, fine bits of the scales, lanes, scales and expected magnitudes of rows and columns, the tables of the level
/// model, and one run of coded levels per 2048 rows, each with its length (<see cref="LevelRuns"/>). Blocks of version
/// 1, which have one lane and no fine bits, are read.
/// </summary>
/// <param name="scales">The grid.</param>
/// <param name="code">Which levels may follow each other.</param>
/// <param name="levels">Column after column: that of (i, j) at j · rows + i.</param>
internal sealed class CodedMatrix(MatrixScales scales, LevelCode code, short[] levels)
{
    /// <summary>Rows of a run.</summary>
    internal const int RunRows = 2048;

    /// <summary>The version that is written; <see cref="CodedRuns"/> reads earlier ones too.</summary>
    internal const byte Version = 2;

    // The search looks at levels on both sides of a value.
    private const int LargestFree = LevelModel.Largest - 8;

    private int Lanes => LevelRuns.LanesFor((long)scales.Rows * scales.Columns, scales.Columns);

    /// <summary>Whether values may be beyond the largest level, so that a finer grid would make them worse.</summary>
    internal bool IsClipped => levels.AsSpan().ContainsAnyExceptInRange((short)-LargestFree, (short)LargestFree);

    /// <summary>Number of levels.</summary>
    internal long Length => levels.Length;

    /// <summary>Cuts rows into runs.</summary>
    /// <param name="rows">Rows of a matrix.</param>
    /// <returns>First row and number of rows of each run, in order.</returns>
    internal static IEnumerable<(int First, int Count)> RunsOf(int rows)
    {
        for (int first = 0; first < rows; first += RunRows)
        {
            yield return (first, int.Min(RunRows, rows - first));
        }
    }

    /// <summary>How often levels occur, by table and index of <see cref="LevelModel.TableOf"/>.</summary>
    internal long[][] Count()
    {
        int largest = 0;
        foreach (short level in levels)
        {
            largest = Math.Max(largest, Math.Abs((int)level));
        }

        var counts = new long[LevelModel.Tables(scales.Classes, code)][];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = new long[largest + 1];
        }

        var classes = new byte[scales.Rows];
        for (int column = 0; column < scales.Columns; column++)
        {
            scales.ClassesOf(column, 0, classes);
            ReadOnlySpan<short> ofColumn = levels.AsSpan(column * scales.Rows, scales.Rows);
            for (int row = 0; row < ofColumn.Length; row++)
            {
                (int table, int place) = LevelModel.TableOf(classes[row], Math.Abs((int)ofColumn[row]), code);
                counts[table][place]++;
            }
        }

        return counts;
    }

    /// <summary>About the bytes that <see cref="Write"/> returns: right within two bytes a lane of each run.</summary>
    /// <param name="model">A model of its own levels.</param>
    /// <param name="counts">What <see cref="Count"/> returned.</param>
    internal long EstimateBytes(LevelModel model, long[][] counts)
    {
        // The state of a lane begins with 16 bits that say nothing, and ends half way to its next 16.
        const int BytesOfLane = 3;
        List<byte> head = [];
        WriteScales(head);
        int runs = ((scales.Rows - 1) / RunRows) + 1;
        return head.Count + (long)(model.TotalBits(counts) / 8) + (runs * (sizeof(int) + (BytesOfLane * Lanes)));
    }

    /// <summary>Writes the matrix.</summary>
    /// <param name="model">A model of its own levels.</param>
    internal byte[] Write(LevelModel model)
    {
        List<byte> stream = [];
        WriteScales(stream);
        model.Write(stream);
        var runs = new LevelRuns(scales, model, code, Lanes);
        foreach ((int first, int count) in RunsOf(scales.Rows))
        {
            AddRun(stream, runs.Encode(levels, first, count));
        }

        return [.. stream];
    }

    /// <summary>Reads a matrix.</summary>
    /// <param name="data">Its bytes, and any number of others after them.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <returns>Levels and grid.</returns>
    /// <exception cref="FormatException">The data is malformed or ends too early.</exception>
    internal static CodedLevels Read(ReadOnlyMemory<byte> data, int rows, int columns)
    {
        CodedRuns runs = CodedRuns.Open(data, rows, columns);
        var levels = new short[(long)rows * columns];
        runs.DecodeAll(levels);
        return new CodedLevels(runs.Scales, runs.Code, levels);
    }

    /// <summary>Reads the values of a matrix: what its levels stand for.</summary>
    /// <param name="data">As for <see cref="Read"/>.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <returns>float32 [rows, columns], in the caller's scope.</returns>
    /// <exception cref="FormatException">The data is malformed or ends too early.</exception>
    internal static Tensor ReadValues(ReadOnlyMemory<byte> data, int rows, int columns)
    {
        CodedRuns runs = CodedRuns.Open(data, rows, columns);
        using var scope = NewDisposeScope();
        Tensor values = empty(rows, columns);
        Tensor columnFactors = tensor(runs.Scales.ColumnFactors.ToArray());
        Tensor rowFactors = tensor(runs.Scales.RowFactors.ToArray()).unsqueeze(1);

        // Not a tensor: glibc before 2.38 does not find aligned blocks of this size again among the freed ones.
        var levels = new short[int.Min(rows, RunRows) * columns];
        for (int run = 0; run < runs.Count; run++)
        {
            using var runScope = NewDisposeScope();
            int count = runs.RowsOf(run);
            runs.Decode(run, levels);
            Tensor ofRun = values.narrow(0, run * RunRows, count);
            ofRun.copy_(tensor(levels).view(-1, columns).narrow(0, 0, count))
                .mul_(rowFactors.narrow(0, run * RunRows, count)).mul_(columnFactors);
        }

        return values.MoveToOuterDisposeScope();
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

    private void WriteScales(List<byte> stream)
    {
        stream.Add(Version);
        stream.AddRange(BitConverter.GetBytes(scales.Unit));
        stream.AddRange([unchecked((byte)(sbyte)scales.Lowest), (byte)scales.Width, (byte)scales.Classes]);
        stream.AddRange([(byte)code, (byte)scales.Parts.FineBits, (byte)Lanes]);
        WriteSide(stream, scales.Parts.RowScales, scales.Parts.FineBits);
        WriteSide(stream, scales.Parts.ColumnScales, scales.Parts.FineBits);
        WriteSide(stream, scales.Parts.RowMagnitudes, 0);
        WriteSide(stream, scales.Parts.ColumnMagnitudes, 0);
    }

    // Fine bits are as likely set as not; the rest has a table.
    private static void WriteSide(List<byte> stream, sbyte[] values, int fineBits)
    {
        int least = values.Min() >> fineBits;
        var counts = new long[FrequencyTable.MostSymbols];
        int[] symbols =
            [.. values.Select(value => int.Min((value >> fineBits) - least, FrequencyTable.MostSymbols - 1))];
        foreach (int symbol in symbols)
        {
            counts[symbol]++;
        }

        FrequencyTable table = FrequencyTable.Of(counts);
        var encoder = new RansEncoder();
        for (int i = symbols.Length - 1; i >= 0; i--)
        {
            encoder.PushBits(values[i] & ((1 << fineBits) - 1), fineBits);
            encoder.Push(table, symbols[i]);
        }

        stream.Add(unchecked((byte)(sbyte)least));
        table.Write(stream);
        AddRun(stream, encoder.Finish());
    }

    /// <summary>Reads what a row or a column has each.</summary>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal static sbyte[] ReadSide(ref CodedBytes reader, int count, int fineBits)
    {
        var least = (sbyte)reader.Byte();
        FrequencyTable table = FrequencyTable.Read(ref reader);
        var decoder = new RansDecoder(reader.Bytes(reader.Int32()));
        var values = new sbyte[count];
        for (int i = 0; i < count; i++)
        {
            int coarse = least + decoder.Take(table);
            int fine = fineBits == 0 ? 0 : decoder.TakeBits(fineBits);
            values[i] = (sbyte)int.Clamp((coarse << fineBits) | fine, sbyte.MinValue, sbyte.MaxValue);
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
}
