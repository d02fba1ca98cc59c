using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>
/// Trains the scales of rows and columns at a fixed number of bytes; the levels stay. That is what can be trained of a
/// trellis, and most of what a text that is short for the number of levels can tell.
/// </summary>
/// <remarks>
/// Inputs are multiplied by the columns' scales and outputs by the rows', so that their gradients come from the inputs
/// and outputs: neither the matrix nor its gradient is made, which is a third of the multiply-adds of a step.
/// </remarks>
internal sealed class ScaleTraining : CodeTraining
{
    // Whole numbers up to here are exact in bfloat16.
    private const int MostInBfloat16 = 256;

    // The rate that suits a start at the usual divergence or nearer; the further away, the longer the way to go in as
    // many steps (docs/experiments.md).
    private const double UsualRate = 0.002;
    private const double UsualDivergence = 0.4;
    private const double MostRate = 0.006;

    private readonly Action<byte[]> _store;
    private readonly long _budget;
    private readonly CodedLevels _start;
    private readonly TrainedGrid _grid;
    private readonly Tensor _levels;
    private readonly Parameter _rows;
    private readonly Parameter _columns;

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
        _levels = tensor(start.Levels).view(scales.Rows, scales.Columns).to(TypeOf(start.Levels), device)
            .DetachFromDisposeScope();
        (_rows, _columns) = (Leaf(_grid.RowFactors().squeeze(1)), Leaf(_grid.ColumnFactors().squeeze(0)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Leaves => [_rows, _columns];

    /// <inheritdoc/>
    public override bool MovesCodes => false;

    /// <inheritdoc/>
    public override CodeStep DefaultRates(double divergence)
    {
        double further = Math.Max(1, divergence / UsualDivergence);
        return new(LevelRate: 0, Math.Min(MostRate, UsualRate * Math.Sqrt(further)));
    }

    /// <inheritdoc/>
    public override Tensor Value()
    {
        using var scope = NewDisposeScope();
        return (_levels * _rows.unsqueeze(1) * _columns).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="StoredValues.Multiply"/>.</summary>
    internal Tensor Multiply(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (LinearProduct.Of(x * _columns, LevelsFor(x)) * _rows).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="StoredValues.MultiplyTransposed"/>.</summary>
    internal Tensor MultiplyTransposed(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (LinearProduct.Of(x * _rows, LevelsFor(x).t()) * _columns).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="StoredValues.Gather"/>.</summary>
    internal Tensor Gather(Tensor ids)
    {
        using var scope = NewDisposeScope();
        Tensor flat = ids.reshape(-1);
        Tensor levels = _levels.index_select(0, flat).to(ScalarType.Float32);
        Tensor rows = levels * _rows.index_select(0, flat).unsqueeze(1) * _columns;
        return rows.reshape([.. ids.shape, _levels.shape[1]]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Step(CodeStep step)
    {
        if (_rows.grad is not { } ofRows || _columns.grad is not { } ofColumns)
        {
            return;
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _grid.Step(ofRows * _rows, ofColumns * _columns, step.ScaleRate);
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
        _rows.Dispose();
        _columns.Dispose();
        _levels.Dispose();
    }

    private static ScalarType TypeOf(short[] levels) =>
        levels.AsSpan().ContainsAnyExceptInRange<short>(-MostInBfloat16, MostInBfloat16)
            ? ScalarType.Float32 : ScalarType.BFloat16;

    private static Parameter Leaf(Tensor factors)
    {
        var leaf = new Parameter(factors, requires_grad: true);
        leaf.DetachFromDisposeScope();
        return leaf;
    }

    // As the factors of a product have to be: those that are rounded are so already.
    private Tensor LevelsFor(Tensor x) => LinearProduct.IsRounding ? _levels : _levels.to(x.dtype);

    private void Compute()
    {
        _rows.copy_(_grid.RowFactors().squeeze(1));
        _columns.copy_(_grid.ColumnFactors().squeeze(0));
    }

    // What the levels take stays the same, whatever the scales are.
    private byte[] Written()
    {
        LevelCode code = _start.Code;
        short[] levels = ByColumn();
        var model = LevelModel.Of(new CodedMatrix(_start.Scales, code, levels).Count(), code);
        return _grid.WriteWithin(
            _budget, () => new CodedMatrix(_grid.Stored(_start.Scales), code, levels).Write(model));
    }

    private short[] ByColumn()
    {
        using Tensor byRow = tensor(_start.Levels).view(_start.Scales.Rows, _start.Scales.Columns);
        using Tensor byColumn = byRow.t().contiguous();
        return byColumn.data<short>().ToArray();
    }
}
