namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>Reads the runs of version 1: one coder state, column by column, trellis levels.</summary>
internal static class EarlierRuns
{
    /// <summary>Reads the model and all runs of a block.</summary>
    /// <param name="reader">Stands after the scales.</param>
    /// <param name="scales">The grid.</param>
    /// <param name="levels">Receives the levels, row after row.</param>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal static void Read(ref CodedBytes reader, MatrixScales scales, short[] levels)
    {
        EarlierLevelModel model = EarlierLevelModel.Read(ref reader, scales.Classes);
        for (int first = 0; first < scales.Rows; first += CodedMatrix.RunRows)
        {
            int count = int.Min(CodedMatrix.RunRows, scales.Rows - first);
            Decode(reader.Bytes(reader.Int32()), scales, model, first, count, levels);
        }
    }

    private static void Decode(
        ReadOnlySpan<byte> run, MatrixScales scales, EarlierLevelModel model, int firstRow, int rows, short[] levels)
    {
        var decoder = new RansDecoder(run);
        var classes = new byte[rows];
        for (int column = 0; column < scales.Columns; column++)
        {
            scales.ClassesOf(column, firstRow, classes);
            int state = TrellisCode.Start;
            int place = (firstRow * scales.Columns) + column;
            for (int row = 0; row < rows; row++, place += scales.Columns)
            {
                int level = model.Take(ref decoder, classes[row], TrellisCode.Parity(state));
                levels[place] = (short)level;
                state = TrellisCode.Next(state, level);
            }
        }
    }
}
