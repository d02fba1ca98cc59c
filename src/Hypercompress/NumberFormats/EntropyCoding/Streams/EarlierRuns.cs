namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>Reads the runs of version 1: one coder state, column by column, trellis levels.</summary>
/// <param name="scales">The grid.</param>
/// <param name="model">The model of the levels.</param>
internal sealed class EarlierRuns(MatrixScales scales, EarlierLevelModel model)
{
    /// <summary>Decodes a run.</summary>
    /// <param name="run">Its bytes.</param>
    /// <param name="firstRow">First row of the run.</param>
    /// <param name="rows">Rows of the run.</param>
    /// <param name="levels">Gets the levels of the run, row after row.</param>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal void Decode(ReadOnlySpan<byte> run, int firstRow, int rows, Span<short> levels)
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
                levels[place] = (short)level;
                state = TrellisCode.Next(state, level);
            }
        }
    }
}
