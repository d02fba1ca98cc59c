using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Kernels.Matrices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.Integers;

/// <summary>
/// Integer codes with float16 scales (symmetric), scales and minimums (affine) or scales and zero points per group of
/// neighbours in a row. Only scales and minimums train. In memory a code takes one byte; in the file there are, unless
/// the block is empty, <c>NAME.codes</c> uint8 [rows, ⌈columns·bits/8⌉] (each row a stream of bits, lowest bit first),
/// <c>NAME.scales</c> float16 [rows, groups] and, when affine, <c>NAME.minimums</c> float16 [rows, groups], or the zero
/// points <c>NAME.zeros</c> uint8 [rows, ⌈groups·bits/8⌉], packed as codes are.
/// </summary>
/// <remarks>
/// A symmetric code q is stored as the unsigned number q + 2^(bits−1): two's complement with its sign bit inverted.
/// </remarks>
internal sealed class IntegerValues : DecodedValues
{
    private readonly IntegerFormat _format;
    private readonly long _groups;
    private readonly long _width;
    private Tensor _codes;
    private Parameter _scales;
    private Parameter? _minimums;
    private Tensor? _points;

    /// <summary>Copies codes, scales and minimums; rounds the latter two to float16.</summary>
    /// <param name="format">The format.</param>
    /// <param name="codes">uint8 [rows, columns], below 2^bits; of a symmetric format q + 2^(bits−1).</param>
    /// <param name="scales">Floating point [rows, groups], groups = ⌈columns / group size⌉.</param>
    /// <param name="minimums">Floating point [rows, groups] for an affine format, otherwise null.</param>
    /// <param name="zeroPoints">uint8 [rows, groups] for a format that has them, otherwise null.</param>
    /// <exception cref="ArgumentException">Shapes or types do not fit the format.</exception>
    /// <exception cref="NumericalException">A scale or minimum is NaN, infinite or beyond float16.</exception>
    public IntegerValues(
        IntegerFormat format, Tensor codes, Tensor scales, Tensor? minimums = null, Tensor? zeroPoints = null)
        : base(format, Matrix(codes).shape[0], codes.shape[1])
    {
        ArgumentNullException.ThrowIfNull(scales);
        _format = format;
        _groups = format.Groups(Columns);
        _width = long.Min(format.GroupSize, Columns);
        RequireGroups(scales, nameof(scales));
        if (format.IsAffine != minimums is not null)
        {
            throw new ArgumentException($"{format} takes minimums if and only if it is affine", nameof(minimums));
        }

        if (format.HasZeroPoints != zeroPoints is not null)
        {
            throw new ArgumentException($"{format} takes zero points if and only if it has them", nameof(zeroPoints));
        }

        BlockParameter.RequireWithin(scales, BlockParameter.Largest(ScalarType.Float16), $"scales of {format}");
        if (minimums is not null)
        {
            RequireGroups(minimums, nameof(minimums));
            BlockParameter.RequireWithin(
                minimums, BlockParameter.Largest(ScalarType.Float16), $"minimums of {format}");
        }

        if (zeroPoints is not null)
        {
            RequireGroups(zeroPoints, nameof(zeroPoints));
        }

        _codes = PadToGroups(codes);
        _points = zeroPoints?.clone().DetachFromDisposeScope();
        _scales = BlockParameter.Create(scales);
        _minimums = minimums is null ? null : BlockParameter.Create(minimums);
        RoundToStored();
    }

    /// <summary>The scales and, of an affine format, the minimums.</summary>
    public override IEnumerable<Parameter> Parameters => _minimums is null ? [_scales] : [_scales, _minimums];

    /// <inheritdoc/>
    public override GroupCodes Codes()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return new GroupCodes(
            _format.Layout,
            _codes.cpu().narrow(1, 0, Columns).contiguous().MoveToOuterDisposeScope(),
            ToHalf(_scales).MoveToOuterDisposeScope(),
            Lows()?.MoveToOuterDisposeScope())
        {
            ZeroPoints = _points?.cpu().clone().MoveToOuterDisposeScope(),
        };
    }

    /// <summary>The codes as they are, with their scales and minimums.</summary>
    /// <param name="memory">Makes no difference: nothing is coded further.</param>
    /// <returns>A copy that the caller disposes.</returns>
    public override PackedMatrix ToPacked(MemoryUse memory)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor codes = _codes.cpu();
        Tensor scales = ToHalf(_scales);
        Tensor? minimums = Lows();
        int columns = checked((int)Columns);
        int zero = minimums is null ? _format.Offset : 0;
        return PackedMatrices.FromGroups(new GroupedCodes(
            checked((int)Rows), columns, _format.GroupSize, (1 << _format.Bits) - 1, zero, minimums is not null,
            (row, target, steps, lows) =>
            {
                CopyRow<byte>(codes, row, target);
                CopyRow(scales, row, steps);
                if (minimums is not null)
                {
                    CopyRow(minimums, row, lows);
                }
            })) ?? base.ToPacked(memory);
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
    public override void MoveTo(Device device)
    {
        Forget();
        var moved = _codes.to(device, copy: true);
        moved.DetachFromDisposeScope();
        _codes.Dispose();
        _codes = moved;
        _scales = BlockParameter.Move(_scales, device);
        _minimums = _minimums is null ? null : BlockParameter.Move(_minimums, device);
        Tensor? points = _points?.to(device, copy: true).DetachFromDisposeScope();
        _points?.Dispose();
        _points = points;
    }

    /// <inheritdoc/>
    protected override IEnumerable<StoredTensor> StoreBlock(string prefix)
    {
        GroupCodes codes = Codes();
        yield return new StoredTensor($"{prefix}.codes", codes.Pack());
        yield return new StoredTensor($"{prefix}.scales", codes.Scales);
        if (codes.ZeroPoints is not null)
        {
            yield return new StoredTensor($"{prefix}.zeros", BitPacking.Pack(codes.ZeroPoints, _format.Bits));
        }
        else if (codes.Minimums is not null)
        {
            yield return new StoredTensor($"{prefix}.minimums", codes.Minimums);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Decode(bool training)
    {
        // Autograd keeps the codes for the gradient of the scales; without it they are overwritten to save memory.
        using var scope = NewDisposeScope();
        if (Rows * Columns == 0)
        {
            return zeros(Rows, Columns, device: _codes.device).MoveToOuterDisposeScope();
        }

        var codes = _codes.view(Rows, _groups, _width).to(ScalarType.Float32);
        if (_points is not null)
        {
            codes.sub_(_points.unsqueeze(2));
        }
        else if (_minimums is null)
        {
            codes.sub_(_format.Offset);
        }

        var values = training ? codes * _scales.unsqueeze(2) : codes.mul_(_scales.unsqueeze(2));
        if (_minimums is not null)
        {
            values = training ? values + _minimums.unsqueeze(2) : values.add_(_minimums.unsqueeze(2));
        }

        values = values.view(Rows, _groups * _width).narrow(1, 0, Columns).contiguous();
        return values.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _codes.Dispose();
        _scales.Dispose();
        _minimums?.Dispose();
        _points?.Dispose();
    }

    private static Tensor Matrix(Tensor codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return codes.dim() == 2 && codes.dtype == ScalarType.Byte
            ? codes
            : throw new ArgumentException("codes must be uint8 with two dimensions", nameof(codes));
    }

    private static void CopyRow<T>(Tensor rows, int row, Span<T> target)
        where T : unmanaged
    {
        using Tensor one = rows[row];
        MemoryMarshal.Cast<byte, T>(one.bytes)[..target.Length].CopyTo(target);
    }

    private static Tensor ToHalf(Parameter parameter) => parameter.detach().to(ScalarType.Float16, CPU, copy: true);

    // The minimums of groups, float16; those of zero points are rounded.
    private Tensor? Lows() => _points is not null ? (_points * _scales.detach()).neg().to(ScalarType.Float16).cpu()
        : _minimums is null ? null
        : ToHalf(_minimums);

    // With full groups, decoding is one broadcast product; the padding is cut off again.
    private Tensor PadToGroups(Tensor codes)
    {
        using var scope = NewDisposeScope();
        var padded = zeros(Rows, _groups * _width, dtype: ScalarType.Byte, device: codes.device);
        padded.narrow(1, 0, Columns).copy_(codes);
        padded.DetachFromDisposeScope();
        return padded;
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
