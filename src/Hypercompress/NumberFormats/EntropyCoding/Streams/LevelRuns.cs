namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// The runs of coded levels, one per 2048 rows. Lane l of L codes the columns l, l + L, …: group after group of L
/// columns, row after row, and in a row first the symbols of all lanes, then what follows them. Every column begins in
/// the start state of the trellis.
/// </summary>
/// <param name="scales">The grid.</param>
/// <param name="model">The model of the levels.</param>
/// <param name="code">Which levels may follow each other.</param>
/// <param name="lanes">Number of lanes, 1 or more.</param>
internal sealed class LevelRuns(MatrixScales scales, LevelModel model, LevelCode code, int lanes)
{
    private readonly VectorRuns? _vectors =
        VectorRuns.Fits(model, lanes) ? new VectorRuns(scales, model, code, lanes) : null;

    /// <summary>Lanes that a matrix gets: each costs about four bytes of a run.</summary>
    /// <param name="values">Values of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    internal static int LanesFor(long values, int columns)
    {
        int wanted = values switch
        {
            >= 1 << 19 => 32,
            >= 1 << 17 => 16,
            >= 1 << 15 => 8,
            _ => 1,
        };
        return int.Min(wanted, columns);
    }

    /// <summary>Encodes a run.</summary>
    /// <param name="levels">Column after column.</param>
    /// <param name="firstRow">First row of the run.</param>
    /// <param name="rows">Rows of the run.</param>
    internal byte[] Encode(ReadOnlySpan<short> levels, int firstRow, int rows)
    {
        var encoder = new LaneEncoder(lanes);
        var classes = new byte[lanes][];
        for (int group = (scales.Columns - 1) / lanes; group >= 0; group--)
        {
            int first = group * lanes;
            int count = int.Min(lanes, scales.Columns - first);
            for (int lane = 0; lane < count; lane++)
            {
                scales.ClassesOf(first + lane, firstRow, classes[lane] ??= new byte[rows]);
            }

            for (int row = rows - 1; row >= 0; row--)
            {
                EncodeRow(encoder, levels, classes, first, count, firstRow, row);
            }
        }

        return encoder.Finish();
    }

    /// <summary>Decodes a run.</summary>
    /// <param name="run">Its bytes.</param>
    /// <param name="firstRow">First row of the run.</param>
    /// <param name="rows">Rows of the run.</param>
    /// <param name="levels">Gets the levels of the run, row after row.</param>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal void Decode(ReadOnlySpan<byte> run, int firstRow, int rows, Span<short> levels)
    {
        if (_vectors is not null)
        {
            _vectors.Decode(run, firstRow, rows, levels);
        }
        else
        {
            DecodeByLane(run, firstRow, rows, levels);
        }
    }

    /// <summary>Decodes a run one lane after the other, on any processor and with any number of lanes.</summary>
    /// <param name="run">Its bytes.</param>
    /// <param name="firstRow">First row of the run.</param>
    /// <param name="rows">Rows of the run.</param>
    /// <param name="levels">Gets the levels of the run, row after row.</param>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal void DecodeByLane(ReadOnlySpan<byte> run, int firstRow, int rows, Span<short> levels)
    {
        var decoder = new LaneDecoder(run, new uint[lanes]);
        var classes = new byte[lanes][];
        for (int first = 0; first < scales.Columns; first += lanes)
        {
            int count = int.Min(lanes, scales.Columns - first);
            for (int lane = 0; lane < count; lane++)
            {
                scales.ClassesOf(first + lane, firstRow, classes[lane] ??= new byte[rows]);
            }

            DecodeGroup(ref decoder, classes, levels[first..], count, rows);
        }
    }

    private void EncodeRow(
        LaneEncoder encoder, ReadOnlySpan<short> levels, byte[][] classes, int first, int count, int firstRow, int row)
    {
        int place = firstRow + row;
        for (int lane = count - 1; lane >= 0; lane--)
        {
            model.PushRest(encoder, lane, classes[lane][row], levels[((first + lane) * scales.Rows) + place]);
        }

        for (int lane = count - 1; lane >= 0; lane--)
        {
            model.PushSymbol(encoder, lane, classes[lane][row], levels[((first + lane) * scales.Rows) + place]);
        }
    }

    private void DecodeGroup(ref LaneDecoder decoder, byte[][] classes, Span<short> levels, int count, int rows)
    {
        var trellis = new int[count];
        Span<int> symbols = stackalloc int[count];
        for (int row = 0; row < rows; row++)
        {
            Span<short> decoded = levels.Slice(row * scales.Columns, count);
            for (int lane = 0; lane < count; lane++)
            {
                int parity = TrellisCode.Parity(trellis[lane]);
                symbols[lane] = decoder.Take(lane, model.Entries(classes[lane][row], parity));
            }

            for (int lane = 0; lane < count; lane++)
            {
                int parity = TrellisCode.Parity(trellis[lane]);
                int level = model.TakeRest(ref decoder, lane, symbols[lane], parity);
                decoded[lane] = (short)level;
                trellis[lane] = code == LevelCode.Trellis ? TrellisCode.Next(trellis[lane], level) : trellis[lane];
            }
        }
    }
}
