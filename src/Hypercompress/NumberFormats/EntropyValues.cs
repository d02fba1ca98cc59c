using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats.EntropyCoding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// Whole-number levels on a grid with a scale per row and per column, in a stream that spends fewer bits on likelier levels.
/// The stream is filled up to the bytes of the format. One tensor in the file, <c>NAME.coded</c> uint8 [bytes]; an empty
/// block has none. Nothing of it trains.
/// </summary>
/// <remarks>
/// Trellis coded quantization with a range asymmetric numeral system; see <c>EntropyCoding/README.md</c>.
/// </remarks>
public sealed class EntropyValues : StoredValues
{
    private readonly byte[] _coded;
    private Tensor? _decoded;
    private Device _device = CPU;

    /// <summary>Takes over a coded block.</summary>
    /// <param name="format">An entropy format.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the block.</param>
    /// <param name="coded">The stream; filled up with zeros to the bytes of the format.</param>
    /// <exception cref="ArgumentException">The format is another one, or the stream is longer than its bytes.</exception>
    internal EntropyValues(ValueFormat format, long rows, long columns, byte[] coded)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(coded);
        if (format.Encoding != ValueEncoding.Entropy || coded.Length > format.StoredBytes(rows, columns))
        {
            throw new ArgumentException(
                $"{coded.Length} bytes are no block of {format} [{rows}, {columns}], which has {format.StoredBytes(rows, columns)}",
                nameof(coded));
        }

        (Format, Rows, Columns) = (format, rows, columns);
        _coded = new byte[format.StoredBytes(rows, columns)];
        coded.CopyTo(_coded, 0);
    }

    /// <inheritdoc/>
    public override ValueFormat Format { get; }

    /// <inheritdoc/>
    public override long Rows { get; }

    /// <inheritdoc/>
    public override long Columns { get; }

    /// <summary>None: levels and scales stay as they are coded.</summary>
    public override IEnumerable<Parameter> Parameters => [];

    /// <inheritdoc/>
    public override Tensor Value()
    {
        if (_decoded is null)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            _decoded = Decode().to(_device).DetachFromDisposeScope();
        }

        return _decoded;
    }

    /// <inheritdoc/>
    public override void RoundToStored()
    {
    }

    /// <summary>Multiplies the numbers by moving the base of the grid.</summary>
    /// <param name="factor">Above 0 and finite: a grid has no sign.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is not above 0, or not finite.</exception>
    /// <exception cref="NumericalException">The product of base and factor is no float32 above 0.</exception>
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

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return Rows * Columns == 0 ? [] : [new StoredTensor($"{prefix}.coded", tensor(_coded).DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public override void MoveTo(Device device)
    {
        if (device.type != _device.type || device.index != _device.index)
        {
            Forget();
            _device = device;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Forget();

    private Tensor Decode() => Rows * Columns == 0
        ? zeros(Rows, Columns)
        : Rows == 1 ? CodedMatrix.Decode(_coded, checked((int)Columns), 1).t()
        : CodedMatrix.Decode(_coded, checked((int)Rows), checked((int)Columns));

    private void Forget()
    {
        _decoded?.Dispose();
        _decoded = null;
    }
}
