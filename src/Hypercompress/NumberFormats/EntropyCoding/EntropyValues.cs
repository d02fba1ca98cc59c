using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.NumberFormats.EntropyCoding.Search;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using Hypercompress.NumberFormats.EntropyCoding.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding;

/// <summary>
/// Integer levels on a grid with a scale per row and per column, in a stream that spends fewer bits on likelier levels
/// and is filled up to the bytes of the format. One tensor in the file, <c>NAME.coded</c> uint8 [bytes]; an empty block
/// has none. Nothing of it trains.
/// </summary>
/// <remarks>
/// Trellis coded quantization with a range asymmetric numeral system; see <c>EntropyCoding/README.md</c>.
/// </remarks>
internal sealed class EntropyValues : DecodedValues
{
    // Fewer levels take less memory than the tables that decode them.
    private const int FewLevels = 1 << 16;

    private readonly byte[] _coded;
    private Half[] _remainders;

    // Null for the CPU: naming it would load libtorch.
    private Device? _device;
    private CodeTraining? _training;

    /// <summary>Takes over a coded block.</summary>
    /// <param name="format">The format.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the block.</param>
    /// <param name="fit">The stream, filled up with zeros to the bytes of the format, and what rounding took.</param>
    /// <exception cref="ArgumentException">The stream is longer than the bytes of the format.</exception>
    internal EntropyValues(EntropyFormat format, long rows, long columns, CodedFit fit)
        : base(format, rows, columns)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Bytes.Length > StoredBytes)
        {
            throw new ArgumentException(
                $"a block of {format} [{rows}, {columns}] has {StoredBytes} bytes, found {fit.Bytes.Length}",
                nameof(fit));
        }

        _coded = fit.Bytes;
        if (_coded.Length < StoredBytes)
        {
            _coded = new byte[StoredBytes];
            fit.Bytes.CopyTo(_coded, 0);
        }

        _remainders = fit.Remainders;
    }

    /// <summary>Says where a malformed stream came from; null where it did not come from a file.</summary>
    internal Func<FormatException, Exception>? Explain { get; init; }

    // Multiplies without making the values, which every other training has.
    private ScaleTraining? Scales => _training as ScaleTraining;

    private bool IsLong => Rows * Columns >= FewLevels;

    /// <summary>None: levels and scales stay as they are coded.</summary>
    public override IEnumerable<Parameter> Parameters => [];

    /// <inheritdoc/>
    public override Tensor Value() => _training?.Value() ?? base.Value();

    /// <inheritdoc/>
    internal override Tensor CopyValue()
    {
        using var scope = NewDisposeScope();
        return (_training?.Value().clone() ?? base.CopyValue()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Multiply(Tensor x) => Scales?.Multiply(x) ?? base.Multiply(x);

    /// <inheritdoc/>
    public override Tensor MultiplyTransposed(Tensor x) =>
        Scales?.MultiplyTransposed(x) ?? base.MultiplyTransposed(x);

    /// <inheritdoc/>
    public override Tensor Gather(Tensor ids) => Scales?.Gather(ids) ?? base.Gather(ids);

    /// <summary>Trains what the format says.</summary>
    /// <returns>The training, or null.</returns>
    public override CodeTraining? TrainCodes()
    {
        TrainedCodes? trains = ((EntropyFormat)Format).Trains;
        if (trains is null || Rows <= 1 || Columns == 0)
        {
            return null;
        }

        CodedLevels levels = CodedMatrix.Read(_coded, checked((int)Rows), checked((int)Columns));
        Forget();
        _training = trains == TrainedCodes.Levels
            ? new LevelTraining(levels, _remainders, StoredBytes, _device ?? CPU, EndTraining)
            : new ScaleTraining(levels, StoredBytes, _device ?? CPU, EndTraining);
        _remainders = [];
        return _training;
    }

    /// <inheritdoc/>
    internal override Tensor? CopyRemainders()
    {
        if (_remainders.Length == 0)
        {
            return null;
        }

        Tensor copy = empty(_remainders.Length, ScalarType.Float16);
        _remainders.CopyTo(MemoryMarshal.Cast<byte, Half>(copy.bytes));
        return copy;
    }

    /// <inheritdoc/>
    internal override void PutRemainders(Tensor remainders) =>
        _remainders = MemoryMarshal.Cast<byte, Half>(remainders.bytes).ToArray();

    /// <summary>Nothing to round: the stream is what the file keeps.</summary>
    public override void RoundToStored()
    {
    }

    /// <summary>Multiplies the numbers by moving the base of the grid.</summary>
    /// <param name="factor">Above 0 and finite: a grid has no sign.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="factor"/> is not above 0, or not finite.
    /// </exception>
    /// <exception cref="NumericalException">The product of base and factor is not a normal float32 above 0.</exception>
    public override void Scale(double factor)
    {
        if (!double.IsFinite(factor) || factor <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "must be above 0 and finite");
        }

        if (Rows * Columns > 0)
        {
            CodedMatrix.ScaleUnit(_coded, factor);
            Forget();
        }
    }

    /// <summary>The levels as whole numbers; none is widened to a float.</summary>
    /// <param name="memory">
    /// Whether scalar levels are decoded now or whenever they are multiplied, and whether those of a trellis are held
    /// as its steps; a short stream is always decoded now.
    /// </param>
    /// <returns>
    /// A copy that the caller disposes; with <see cref="MemoryUse.Small"/> it may have the stream of this.
    /// </returns>
    /// <exception cref="FormatException">The stream is malformed.</exception>
    public override PackedMatrix ToPacked(MemoryUse memory)
    {
        var stream = new LevelStream(_coded, checked((int)Rows), checked((int)Columns), Explain);
        return memory == MemoryUse.Small && IsLong
            ? PackedMatrices.FromStream(stream)
            : PackedMatrices.FromLevels(stream);
    }

    /// <inheritdoc/>
    internal override bool PacksAlone => true;

    /// <inheritdoc/>
    internal override bool StaysCoded => ((EntropyFormat)Format).Code == LevelCode.Scalar && IsLong;

    /// <inheritdoc/>
    public override PackedMatrix ToPackedTransposed() => PackedMatrices.FromLevels(ReadGrid().Transpose());

    /// <inheritdoc/>
    public override void MoveTo(Device device)
    {
        Device before = _device ?? CPU;
        if (device.type != before.type || device.index != before.index)
        {
            Forget();
            _device = device;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<StoredTensor> StoreBlock(string prefix) =>
        [new StoredTensor($"{prefix}.coded", tensor(_coded))];

    private TRead ReadStream<TRead>(Func<ReadOnlyMemory<byte>, int, int, TRead> read, long rows, long columns)
    {
        try
        {
            return read(_coded, checked((int)rows), checked((int)columns));
        }
        catch (FormatException malformed) when (Explain is not null)
        {
            throw Explain(malformed);
        }
    }

    // A block of one row is coded as one of one column.
    private FactoredLevels ReadGrid()
    {
        CodedLevels read = Rows == 1
            ? ReadStream(CodedMatrix.Read, Columns, 1)
            : ReadStream(CodedMatrix.Read, Rows, Columns);
        var grid = new FactoredLevels(read.Levels, [.. read.Scales.RowFactors], [.. read.Scales.ColumnFactors]);
        return Rows == 1 ? grid with { RowFactors = grid.ColumnFactors, ColumnFactors = grid.RowFactors } : grid;
    }

    /// <inheritdoc/>
    protected override Tensor Decode(bool training)
    {
        using var scope = NewDisposeScope();
        Tensor values = Rows * Columns == 0
            ? zeros(Rows, Columns)
            : Rows == 1 ? ReadStream(CodedMatrix.ReadValues, Columns, 1).t()
            : ReadStream(CodedMatrix.ReadValues, Rows, Columns);
        return values.to(_device ?? CPU).MoveToOuterDisposeScope();
    }

    private void EndTraining(byte[] coded)
    {
        Array.Clear(_coded);
        coded.CopyTo(_coded, 0);
        _training = null;
    }
}
