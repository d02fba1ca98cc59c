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
    private readonly Action<byte[]> _store;
    private readonly long _budget;
    private readonly CodedLevels _start;
    private readonly TrainedGrid _grid;
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
        (_start, _budget, _store) = (start, budget, store);
        MatrixScales scales = start.Scales;
        _grid = new TrainedGrid(scales, scales.Parts.FineBits, device);
        _grid.Hold();
        _levels = tensor(start.Levels).view(scales.Rows, scales.Columns).to(device).DetachFromDisposeScope();
        _value = new Parameter(empty(scales.Rows, scales.Columns, device: device), requires_grad: false);
        _value.DetachFromDisposeScope();
        Compute();
        _value.requires_grad = true;
    }

    /// <inheritdoc/>
    public override Tensor Value => _value;

    /// <inheritdoc/>
    public override bool MovesCodes => false;

    /// <inheritdoc/>
    public override CodeStep DefaultRates { get; } = new(LevelRate: 0, ScaleRate: 0.002);

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
        _grid.Step(share.sum(dim: 1), share.sum(dim: 0), step.ScaleRate);
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
        _grid.Save();
    }

    /// <inheritdoc/>
    public override void Restore()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _grid.Restore();
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
        _grid.Keep(state);
        return state;
    }

    /// <inheritdoc/>
    internal override void GoOn(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _grid.GoOn(state);
        Compute();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            _store(Written());
        }

        _grid.Dispose();
        _value.Dispose();
        _levels.Dispose();
    }

    private void Compute()
    {
        using var scope = NewDisposeScope();
        _value.copy_(_levels);
        _value.mul_(_grid.RowFactors()).mul_(_grid.ColumnFactors());
    }

    // What the levels take stays the same, whatever the scales are.
    private byte[] Written()
    {
        LevelCode code = _start.Code;
        using Tensor byColumn = _levels.t().cpu().contiguous();
        short[] levels = byColumn.data<short>().ToArray();
        var model = LevelModel.Of(new CodedMatrix(_start.Scales, code, levels).Count(), code);
        return _grid.WriteWithin(
            _budget, () => new CodedMatrix(_grid.Stored(_start.Scales), code, levels).Write(model));
    }
}
