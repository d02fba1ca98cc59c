using System.Runtime.InteropServices;
using Hypercompress.NumberFormats.EntropyCoding.Search;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>
/// Trains levels at a fixed number of bytes. Latents are in units of levels and begin where rounding began; an
/// <see cref="ILevelRounding"/> makes levels of them. Prices are those of the start: moving the thresholds would undo
/// what training just decided, since a level that changes is close to one. The bytes are met by a share of each level's
/// slope in bits that is added to the gradient.
/// </summary>
internal sealed partial class LevelTraining : CodeTraining
{
    private const int LevelsAbove = 4;
    private const double PriceStep = 0.002;
    private const double PriceGrowth = 1.05;

    // Of the gradient's root mean square, per bit: sum and multiple of the relative excess of bytes.
    private const double IntegralGain = 2;
    private const double ProportionalGain = 5;
    private const double MostPressure = 0.5;

    private readonly Action<byte[]> _store;
    private readonly long _budget;
    private readonly float _unit;
    private readonly LevelCode _code;
    private readonly ILevelRounding _rounding;
    private readonly TrainedGrid _grid;
    private readonly AdamMoments _moments;
    private readonly Parameter _value;
    private readonly Tensor _latents;
    private readonly LevelClasses _classes;
    private readonly LevelSlopes _slopes;
    private readonly double _sideBytes;
    private LevelClasses _coded;
    private Tensor? _saved;
    private double _price;
    private double _integral;
    private double _pressure;
    private double _gradientSize;
    private bool _isClosed;

    /// <summary>Starts at a block.</summary>
    /// <param name="start">Levels and grid.</param>
    /// <param name="remainders">What rounding took from each value, column after column; empty for nothing.</param>
    /// <param name="budget">Bytes that the block may take.</param>
    /// <param name="device">Where it trains.</param>
    /// <param name="store">Receives the stream in the end.</param>
    internal LevelTraining(
        CodedLevels start, ReadOnlySpan<Half> remainders, long budget, Device device, Action<byte[]> store)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (_store, _budget, _unit, _code) = (store, budget, start.Scales.Unit, start.Code);
        _price = RateSearch.Lambda(8.0 * budget / start.Levels.Length, _code);
        int fineBits = ScaleParts.FineBitsFor(start.Scales.Rows, start.Scales.Columns, budget);
        _grid = new TrainedGrid(start.Scales, fineBits, device);
        _classes = new LevelClasses(start.Scales, device);
        _coded = _classes;
        Tensor first = tensor(start.Levels).view(start.Scales.Rows, start.Scales.Columns);
        LevelModel model = ModelOf(first);
        _slopes = new LevelSlopes(model, _code, _classes.Classes, LargestOf(first) + LevelsAbove, device);
        _rounding = _code == LevelCode.Trellis
            ? new TrellisRounding(start.Scales, model, _slopes.Largest) : new ScalarRounding(_classes, _slopes);
        _latents = LatentsOf(start, remainders, _rounding.RemainderShare).to(device).DetachFromDisposeScope();
        _moments = new AdamMoments(_latents);
        _value = new Parameter(empty_like(_latents), requires_grad: false);
        _value.DetachFromDisposeScope();
        Tensor levels = Levels();
        _sideBytes = Written().Length - (Bits(_classes, levels, LargestOf(levels)) / 8);
        Round();
        _value.requires_grad = true;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Leaves => [_value];

    /// <inheritdoc/>
    public override Tensor Value() => _value;

    /// <inheritdoc/>
    public override CodeStep DefaultRates(double divergence) => _rounding.DefaultRates;

    /// <inheritdoc/>
    public override void Step(CodeStep step)
    {
        if (_value.grad is not { } gradient)
        {
            return;
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        LevelStep adam = _moments.Advance(_isClosed ? 0 : step.LevelRate, _isClosed ? 0 : _pressure * _gradientSize);
        (Tensor ofRows, Tensor ofColumns, Tensor squares) =
            IsOnCpu ? MoveOnCpu(gradient, adam) : MoveOnDevice(gradient, adam);
        _gradientSize = Math.Sqrt(squares.item<double>() / Count);
        _grid.Step(ofRows, ofColumns, step.ScaleRate);
        Round();
    }

    /// <inheritdoc/>
    public override void Recount()
    {
        if (_isClosed)
        {
            return;
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor levels = Levels();
        double bytes = BytesOf(levels);
        double excess = (bytes - _budget) / _budget;
        _integral += IntegralGain * excess;
        _pressure = Math.Clamp(_integral + (ProportionalGain * excess), -MostPressure, MostPressure);
    }

    /// <inheritdoc/>
    public override void Save()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _saved ??= empty_like(_latents, device: CPU).DetachFromDisposeScope();
        _saved.copy_(_latents);
        _grid.Save();
    }

    /// <inheritdoc/>
    public override void Restore()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _latents.copy_(_saved!);
        _moments.Reset();
        _grid.Restore();
        Round();
    }

    /// <inheritdoc/>
    public override void Close()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _moments.Reset();
        BytesOf(Levels());
        _price = LeastPriceThatFits();
        _grid.Hold();
        _latents.copy_(Levels());
        _isClosed = true;
        Round();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_isClosed)
        {
            Close();
        }

        using (no_grad())
        {
            using var scope = NewDisposeScope();
            _store(_grid.WriteWithin(_budget, Written));
        }

        _grid.Dispose();
        _moments.Dispose();
        _value.Dispose();
        _latents.Dispose();
        _classes.Dispose();
        if (_coded != _classes)
        {
            _coded.Dispose();
        }

        _slopes.Dispose();
        _rounding.Dispose();
        _saved?.Dispose();
    }

    private static Tensor LatentsOf(CodedLevels start, ReadOnlySpan<Half> remainders, double share)
    {
        Tensor levels = tensor(start.Levels).view(start.Scales.Rows, start.Scales.Columns).to(ScalarType.Float32);
        if (remainders.Length == 0)
        {
            return levels;
        }

        Tensor rest = empty(remainders.Length, ScalarType.Float16);
        remainders.CopyTo(MemoryMarshal.Cast<byte, Half>(rest.bytes));
        return levels.add_(
            rest.view(start.Scales.Columns, start.Scales.Rows).t().to(ScalarType.Float32), alpha: share);
    }

    private long Count => _latents.numel();

    private bool IsOnCpu => _latents.device.type == TorchSharp.DeviceType.CPU;

    private (Tensor OfRows, Tensor OfColumns, Tensor Squares) MoveOnCpu(Tensor gradient, LevelStep step)
    {
        var state = new LevelState(_latents, _moments.First, _moments.Second, gradient, _value);
        LevelSums sums = LevelKernel.Move(state, LevelGrid.Of(_grid, _classes, _slopes, _price), step);
        return (tensor(sums.OfRows), tensor(sums.OfColumns), tensor(sums.Squares));
    }

    // The same by tensor operations, on any device.
    private (Tensor OfRows, Tensor OfColumns, Tensor Squares) MoveOnDevice(Tensor gradient, LevelStep step)
    {
        (Tensor rows, Tensor columns) = (_grid.RowFactors(), _grid.ColumnFactors());
        Tensor share = gradient * _value;
        (Tensor ofRows, Tensor ofColumns) = (share.sum(dim: 1), share.sum(dim: 0));
        share.Dispose();
        Tensor squares = zeros(1, ScalarType.Float64, device: gradient.device);
        foreach ((long first, long count) in LevelParts.Of(_latents))
        {
            using var part = NewDisposeScope();
            Tensor perLevel = gradient.narrow(0, first, count) * rows.narrow(0, first, count) * columns;
            squares.add_(perLevel.square().sum(ScalarType.Float64));
            if (step.Pressure != 0)
            {
                Tensor below = _latents.narrow(0, first, count).floor();
                perLevel.add_(_slopes.At(below, _classes.Of(first, count)), step.Pressure);
            }

            _moments.Move(_latents.narrow(0, first, count), first, perLevel, step);
        }

        return (ofRows, ofColumns, squares);
    }

    private Tensor Levels() => _isClosed ? _latents.clone() : _rounding.Levels(_latents, _price);

    private void Round()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _rounding.Forget();
        if (_isClosed)
        {
            _grid.WriteValues(_value, (first, count) => _latents.narrow(0, first, count).clone());
        }
        else
        {
            _rounding.Round(_latents, _price, _grid, _value);
        }
    }

    private LevelModel ModelOf(Tensor levels) =>
        LevelModel.Of(_classes.Count(levels, LargestOf(levels), _code), _code);

    private static int LargestOf(Tensor levels)
    {
        using var scope = NewDisposeScope();
        return levels.abs().max().to(ScalarType.Int32).item<int>();
    }

    // The bytes that levels take, with classes that fit them better where there are such. Thresholds keep theirs.
    private double BytesOf(Tensor levels)
    {
        int largest = LargestOf(levels);
        double before = Bits(_coded, levels, largest);
        LevelClasses fitted = LevelClasses.Fit(levels, _coded.Scales.Parts, _unit);
        double after = Bits(fitted, levels, largest);
        (LevelClasses better, LevelClasses worse) = after < before ? (fitted, _coded) : (_coded, fitted);
        if (worse != _classes)
        {
            worse.Dispose();
        }

        _coded = better;
        return (Math.Min(before, after) / 8) + _sideBytes;
    }

    private double Bits(LevelClasses classes, Tensor levels, int largest)
    {
        long[][] counts = classes.Count(levels, largest, _code);
        return LevelModel.Of(counts, _code).MeanBits(counts) * Count;
    }

    private double LeastPriceThatFits()
    {
        if (Written().Length <= _budget)
        {
            return _price;
        }

        (double below, double above) = (_price, _price);
        do
        {
            (below, above) = (above, above * PriceGrowth);
            _price = above;
        }
        while (Written().Length > _budget);

        while (above - below > PriceStep * above)
        {
            _price = (below + above) / 2;
            (below, above) = Written().Length > _budget ? (_price, above) : (below, _price);
        }

        return above;
    }

    private byte[] Written()
    {
        CodedMatrix matrix = Matrix();
        return matrix.Write(LevelModel.Of(matrix.Count(), _code));
    }

    private CodedMatrix Matrix()
    {
        using var scope = NewDisposeScope();
        Tensor levels = Levels().t().to(ScalarType.Int16).cpu().contiguous();
        return new CodedMatrix(_grid.Stored(_coded.Scales), _code, levels.data<short>().ToArray());
    }
}
