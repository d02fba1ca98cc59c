using Hypercompress.Models.Errors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// Integer codes with float16 scales (symmetric) or scales and minimums (affine) per group of neighbours in a row. Only
/// scales and minimums train. In memory a code takes one byte; in the file there are, unless the block is empty,
/// <c>NAME.codes</c> uint8 [rows, ⌈columns·bits/8⌉] (each row a stream of bits, lowest bit first),
/// <c>NAME.scales</c> float16 [rows, groups] and, when affine, <c>NAME.minimums</c> float16 [rows, groups].
/// </summary>
/// <remarks>
/// A symmetric code q is kept as the unsigned number q + 2^(bits−1), as two's complement with its sign bit turned over.
/// </remarks>
public sealed class IntegerValues : StoredValues
{
    private readonly long _groups;
    private readonly long _width;
    private Tensor _codes;
    private Parameter _scales;
    private Parameter? _minimums;
    private Tensor? _decoded;

    /// <summary>Copies codes, scales and minimums; rounds the latter two to float16.</summary>
    /// <param name="format">A symmetric or affine format.</param>
    /// <param name="codes">uint8 [rows, columns], below 2^bits; of a symmetric format q + 2^(bits−1).</param>
    /// <param name="scales">Floating point [rows, groups], groups = ⌈columns / group size⌉.</param>
    /// <param name="minimums">Floating point [rows, groups] for an affine format, otherwise null.</param>
    /// <exception cref="ArgumentException">
    /// The format is not one of integers, or shapes or types do not fit it.
    /// </exception>
    /// <exception cref="NumericalException">A scale or minimum is NaN, infinite or beyond float16.</exception>
    public IntegerValues(ValueFormat format, Tensor codes, Tensor scales, Tensor? minimums = null)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(scales);
        Format = RequireInteger(format);
        if (codes.dim() != 2 || codes.dtype != ScalarType.Byte)
        {
            throw new ArgumentException("codes must be uint8 with two dimensions", nameof(codes));
        }

        (Rows, Columns) = (codes.shape[0], codes.shape[1]);
        _groups = (Columns + format.GroupSize - 1) / format.GroupSize;
        _width = long.Min(format.GroupSize, Columns);
        RequireGroups(scales, nameof(scales));
        if ((format.Encoding == ValueEncoding.Affine) != (minimums is not null))
        {
            throw new ArgumentException($"{format} takes minimums if and only if it is affine", nameof(minimums));
        }

        BlockParameter.RequireWithin(scales, BlockParameter.Largest(ScalarType.Float16), $"scales of {format}");
        if (minimums is not null)
        {
            RequireGroups(minimums, nameof(minimums));
            BlockParameter.RequireWithin(
                minimums, BlockParameter.Largest(ScalarType.Float16), $"minimums of {format}");
        }

        _codes = PadToGroups(codes);
        _scales = BlockParameter.Create(scales);
        _minimums = minimums is null ? null : BlockParameter.Create(minimums);
        RoundToStored();
    }

    /// <inheritdoc/>
    public override ValueFormat Format { get; }

    /// <inheritdoc/>
    public override long Rows { get; }

    /// <inheritdoc/>
    public override long Columns { get; }

    /// <summary>The scales and, of an affine format, the minimums.</summary>
    public override IEnumerable<Parameter> Parameters => _minimums is null ? [_scales] : [_scales, _minimums];

    /// <inheritdoc/>
    public override Tensor Value()
    {
        if (_scales.requires_grad || _minimums is { requires_grad: true })
        {
            Forget();
            return Decode(training: true);
        }

        if (_decoded is null)
        {
            using var noGrad = no_grad();
            _decoded = Decode(training: false);
            _decoded.DetachFromDisposeScope();
        }

        return _decoded;
    }

    /// <inheritdoc/>
    public override void RoundToStored()
    {
        Forget();
        BlockParameter.Round(_scales, ScalarType.Float16, $"scales of {Format}");
        if (_minimums is not null)
        {
            BlockParameter.Round(_minimums, ScalarType.Float16, $"minimums of {Format}");
        }
    }

    /// <inheritdoc/>
    public override void Scale(double factor)
    {
        foreach (var parameter in Parameters)
        {
            BlockParameter.Multiply(parameter, factor);
        }

        RoundToStored();
    }

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        if (Rows * Columns == 0)
        {
            return [];
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var codes = _codes.cpu().narrow(1, 0, Columns).contiguous();
        List<StoredTensor> stored =
        [
            new($"{prefix}.codes", BitPacking.Pack(codes, Format.Bits).MoveToOuterDisposeScope()),
            new($"{prefix}.scales", ToHalf(_scales).MoveToOuterDisposeScope()),
        ];
        if (_minimums is not null)
        {
            stored.Add(new StoredTensor($"{prefix}.minimums", ToHalf(_minimums).MoveToOuterDisposeScope()));
        }

        return stored;
    }

    /// <inheritdoc/>
    public override void MoveTo(Device device)
    {
        Forget();
        var moved = _codes.to(device, copy: true);
        moved.DetachFromDisposeScope();
        _codes.Dispose();
        _codes = moved;
        _scales = BlockParameter.Move(_scales, device);
        _minimums = _minimums is null ? null : BlockParameter.Move(_minimums, device);
    }

    /// <summary>Refuses what is not a well-formed format of integer codes.</summary>
    internal static ValueFormat RequireInteger(ValueFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (!format.IsInteger || format.Bits is < 2 or > 8 || format.GroupSize < 1)
        {
            throw new ArgumentException(
                $"{format} is not a format of integer codes with 2–8 bits and a positive group", nameof(format));
        }

        return format;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Forget();
        _codes.Dispose();
        _scales.Dispose();
        _minimums?.Dispose();
    }

    private static Tensor ToHalf(Parameter parameter) => parameter.detach().to(ScalarType.Float16, CPU, copy: true);

    // Full groups let decoding be one broadcast product; the padding is cut off again.
    private Tensor PadToGroups(Tensor codes)
    {
        using var scope = NewDisposeScope();
        var padded = zeros(Rows, _groups * _width, dtype: ScalarType.Byte, device: codes.device);
        padded.narrow(1, 0, Columns).copy_(codes);
        padded.DetachFromDisposeScope();
        return padded;
    }

    // Autograd keeps the codes for the gradient of the scales; without it they are overwritten to save memory.
    private Tensor Decode(bool training)
    {
        using var scope = NewDisposeScope();
        if (Rows * Columns == 0)
        {
            return zeros(Rows, Columns, device: _codes.device).MoveToOuterDisposeScope();
        }

        var codes = _codes.view(Rows, _groups, _width).to(ScalarType.Float32);
        if (_minimums is null)
        {
            codes.sub_(1 << (Format.Bits - 1));
        }

        var values = training ? codes * _scales.unsqueeze(2) : codes.mul_(_scales.unsqueeze(2));
        if (_minimums is not null)
        {
            values = training ? values + _minimums.unsqueeze(2) : values.add_(_minimums.unsqueeze(2));
        }

        values = values.view(Rows, _groups * _width).narrow(1, 0, Columns).contiguous();
        return values.MoveToOuterDisposeScope();
    }

    private void Forget()
    {
        _decoded?.Dispose();
        _decoded = null;
    }

    private void RequireGroups(Tensor tensor, string name)
    {
        if (!tensor.shape.AsSpan().SequenceEqual([Rows, _groups]))
        {
            throw new ArgumentException(
                $"[{Rows}, {_groups}] is needed, found [{string.Join(", ", tensor.shape)}]", name);
        }
    }
}
