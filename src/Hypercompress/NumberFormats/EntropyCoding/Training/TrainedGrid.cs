using Hypercompress.NumberFormats.EntropyCoding.Streams;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>The grid of a matrix while its scales train: those of the rows and those of the columns.</summary>
internal sealed class TrainedGrid : IDisposable
{
    private const string Rows = "rows";
    private const string Columns = "columns";
    private const int MostRetreats = 20;
    private const double StayingShare = 0.85;

    private readonly TrainedScales _rows;
    private readonly TrainedScales _columns;
    private readonly float _unit;
    private readonly int _fineBits;

    /// <summary>Starts at a stored grid.</summary>
    /// <param name="start">The grid; its base stays.</param>
    /// <param name="fineBits">Fine bits of the scales from now on.</param>
    /// <param name="device">Where they train.</param>
    internal TrainedGrid(MatrixScales start, int fineBits, Device device)
    {
        ScaleParts parts = start.Parts;
        (_unit, _fineBits) = (start.Unit, fineBits);
        _rows = new TrainedScales(parts.RowScales, parts.FineBits, fineBits, device);
        _columns = new TrainedScales(parts.ColumnScales, parts.FineBits, fineBits, device);
    }

    /// <summary>The rows' part of the steps with the base, float32 [rows, 1], in the caller's scope.</summary>
    internal Tensor RowFactors() => _rows.Factors().mul_(_unit).unsqueeze(1);

    /// <summary>The columns' part of the steps, float32 [1, columns], in the caller's scope.</summary>
    internal Tensor ColumnFactors() => _columns.Factors().unsqueeze(0);

    /// <summary>Writes the values that levels stand for.</summary>
    /// <param name="values">Receives them; float32 [rows, columns].</param>
    /// <param name="levels">
    /// Gets first row and number of rows of a part, and returns its levels, float32 [count, columns], in the current
    /// scope; they are multiplied in place.
    /// </param>
    internal void WriteValues(Tensor values, Func<long, long, Tensor> levels)
    {
        using var scope = NewDisposeScope();
        (Tensor rows, Tensor columns) = (RowFactors(), ColumnFactors());
        foreach ((long first, long count) in LevelParts.Of(values))
        {
            using var part = NewDisposeScope();
            Tensor ofPart = levels(first, count).mul_(rows.narrow(0, first, count)).mul_(columns);
            values.narrow(0, first, count).copy_(ofPart);
        }
    }

    /// <summary>Moves the scales.</summary>
    /// <param name="ofRows">Gradient of the logarithm of each row's scale.</param>
    /// <param name="ofColumns">The same of the columns.</param>
    /// <param name="rate">Share of a scale per step.</param>
    internal void Step(Tensor ofRows, Tensor ofColumns, double rate)
    {
        _rows.Step(ofRows, rate);
        _columns.Step(ofColumns, rate);
    }

    /// <summary>The scales as the file has them.</summary>
    /// <param name="classes">Classes of the levels, which stay.</param>
    internal MatrixScales Stored(MatrixScales classes)
    {
        ScaleParts parts = classes.Parts with
        {
            RowScales = _rows.Codes(),
            ColumnScales = _columns.Codes(),
            FineBits = _fineBits,
        };
        return new MatrixScales(parts, _unit, classes.Lowest, classes.Width, classes.Classes);
    }

    /// <summary>
    /// Writes a matrix, with scales that move back towards those that were held until it fits: those that moved after
    /// levels were decided may take more bytes.
    /// </summary>
    /// <param name="budget">Bytes that it may take.</param>
    /// <param name="write">Writes the matrix on the grid as it is.</param>
    internal byte[] WriteWithin(long budget, Func<byte[]> write)
    {
        byte[] written = write();
        for (int step = 1; written.Length > budget && step <= MostRetreats; step++)
        {
            double share = step == MostRetreats ? 0 : StayingShare;
            _rows.Retreat(share);
            _columns.Retreat(share);
            written = write();
        }

        return written;
    }

    /// <summary>Keeps the scales as they are, to move back to.</summary>
    internal void Hold()
    {
        _rows.Hold();
        _columns.Hold();
    }

    /// <summary>Remembers the scales.</summary>
    internal void Save()
    {
        _rows.Save();
        _columns.Save();
    }

    /// <summary>Goes back to the remembered scales.</summary>
    internal void Restore()
    {
        _rows.Restore();
        _columns.Restore();
    }

    /// <summary>Adds the scales to a state.</summary>
    internal void Keep(Dictionary<string, Tensor> state)
    {
        _rows.Keep(state, Rows);
        _columns.Keep(state, Columns);
    }

    /// <summary>Takes the scales from a state.</summary>
    internal void GoOn(IReadOnlyDictionary<string, Tensor> state)
    {
        _rows.GoOn(state, Rows);
        _columns.GoOn(state, Columns);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
    }
}
