using Hypercompress.NumberFormats.EntropyCoding.Streams;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>
/// Trains the scales of rows and columns at a fixed number of bytes; the levels stay. That is what can be trained of a
/// trellis, and most of what a text that is short for the number of levels can tell.
/// </summary>
internal sealed class ScaleTraining : CodeTraining
{
    private const string RowScales = "rows";
    private const string ColumnScales = "columns";

    private readonly Action<byte[]> _store;
    private readonly long _budget;
    private readonly MatrixScales _start;
    private readonly LevelCode _code;
    private readonly TrainedScales _rowScales;
    private readonly TrainedScales _columnScales;
    private readonly Tensor _levels;
    private readonly Parameter _value;

    /// <summary>Starts at a block.</summary>
    /// <param name="start">Levels and grid.</param>
    /// <param name="budget">Bytes that the block may take.</param>
    /// <param name="device">Where it trains.</param>
    /// <param name="store">Receives the stream in the end.</param>
    internal ScaleTraining(CodedLevels start, long budget, Device device, Action<byte[]> store)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (_start, _code, _budget, _store) = (start.Scales, start.Code, budget, store);
        ScaleParts parts = _start.Parts;
        _rowScales = new TrainedScales(parts.RowScales, parts.FineBits, parts.FineBits, device);
        _columnScales = new TrainedScales(parts.ColumnScales, parts.FineBits, parts.FineBits, device);
        _rowScales.Hold();
        _columnScales.Hold();
        _levels = tensor(start.Levels).view(_start.Rows, _start.Columns).to(device).DetachFromDisposeScope();
        _value = new Parameter(empty(_start.Rows, _start.Columns, device: device), requires_grad: false);
        _value.DetachFromDisposeScope();
        Compute();
        _value.requires_grad = true;
    }

    /// <inheritdoc/>
    public override Tensor Value => _value;

    /// <inheritdoc/>
    public override bool MovesCodes => false;

    /// <inheritdoc/>
    public override void Step(CodeStep step)
    {
        if (_value.grad is not { } gradient)
        {
            return;
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor share = gradient * _value;
        _rowScales.Step(share.sum(dim: 1), step.ScaleRate);
        _columnScales.Step(share.sum(dim: 0), step.ScaleRate);
        Compute();
    }

    /// <inheritdoc/>
    public override void Recount()
    {
    }

    /// <inheritdoc/>
    public override void Save()
    {
        using var noGrad = no_grad();
        _rowScales.Save();
        _columnScales.Save();
    }

    /// <inheritdoc/>
    public override void Restore()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _rowScales.Restore();
        _columnScales.Restore();
        Compute();
    }

    /// <inheritdoc/>
    public override void Close()
    {
    }

    /// <inheritdoc/>
    internal override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        _rowScales.Keep(state, RowScales);
        _columnScales.Keep(state, ColumnScales);
        return state;
    }

    /// <inheritdoc/>
    internal override void GoOn(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _rowScales.GoOn(state, RowScales);
        _columnScales.GoOn(state, ColumnScales);
        Compute();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            TrainedScales.RetreatUntil(() => Written().Length <= _budget, _rowScales, _columnScales);
            _store(Written());
        }

        _rowScales.Dispose();
        _columnScales.Dispose();
        _value.Dispose();
        _levels.Dispose();
    }

    private void Compute()
    {
        using var scope = NewDisposeScope();
        _value.copy_(_levels);
        _value.mul_(_rowScales.Factors().mul_(_start.Unit).unsqueeze(1)).mul_(_columnScales.Factors());
    }

    private byte[] Written()
    {
        using var scope = NewDisposeScope();
        ScaleParts parts =
            _start.Parts with { RowScales = _rowScales.Codes(), ColumnScales = _columnScales.Codes() };
        var scales = new MatrixScales(parts, _start.Unit, _start.Lowest, _start.Width, _start.Classes);
        Tensor levels = _levels.t().cpu().contiguous();
        var matrix = new CodedMatrix(scales, _code, levels.data<short>().ToArray());
        return matrix.Write(LevelModel.Of(matrix.Count(), _code));
    }
}
