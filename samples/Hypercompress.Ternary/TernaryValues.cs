using Hypercompress.NumberFormats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Ternary;

/// <summary>
/// Codes −1, 0 and 1 with a scale per group, of which the scales train. In the file, unless the block is empty,
/// <c>NAME.trits</c> uint8 [rows, ⌈columns/5⌉], each byte Σ (code + 1)·3^i over five values, and <c>NAME.scales</c>
/// float16 [rows, groups].
/// </summary>
public sealed class TernaryValues : DecodedValues
{
    private const int PerByte = 5;
    private const int LargestByte = 242;
    private static readonly long[] Powers = [1, 3, 9, 27, 81];

    private readonly TernaryFormat _format;
    private Tensor _codes;
    private Parameter _scales;

    /// <summary>Copies codes and scales.</summary>
    /// <param name="format">The format.</param>
    /// <param name="codes">int8 [rows, columns]: −1, 0 or 1.</param>
    /// <param name="scales">Floating point [rows, groups]; rounded to float16.</param>
    public TernaryValues(TernaryFormat format, Tensor codes, Tensor scales)
        : base(format, codes?.shape[0] ?? 0, codes?.shape[1] ?? 0)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(codes);
        _format = format;
        _codes = codes.clone().DetachFromDisposeScope();
        _scales = BlockParameter.Create(scales);
        RoundToStored();
    }

    /// <summary>The scales.</summary>
    public override IEnumerable<Parameter> Parameters => [_scales];

    /// <summary>Bytes of a row of codes.</summary>
    /// <param name="columns">Codes of a row.</param>
    /// <returns>A byte per five codes.</returns>
    public static long RowBytes(long columns) => (columns + PerByte - 1) / PerByte;

    /// <summary>Reads packed codes.</summary>
    /// <param name="packed">uint8 [rows, <see cref="RowBytes"/>].</param>
    /// <param name="columns">Codes of a row.</param>
    /// <returns>int8 [rows, columns]; null where a byte is not five digits to base 3.</returns>
    public static Tensor? Unpack(Tensor packed, long columns)
    {
        ArgumentNullException.ThrowIfNull(packed);
        using var scope = NewDisposeScope();
        Tensor bytes = packed.to(ScalarType.Int64).unsqueeze(2);
        if (bytes.max().item<long>() > LargestByte)
        {
            return null;
        }

        Tensor digits = bytes.div(tensor(Powers), RoundingMode.floor).remainder(3);
        return (digits - 1).to(ScalarType.Int8).view(packed.shape[0], -1).narrow(1, 0, columns).contiguous()
            .MoveToOuterDisposeScope();
    }

    /// <summary>The same codes with two bits each, which is what other programs read.</summary>
    /// <inheritdoc/>
    public override GroupCodes Codes()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return new GroupCodes(
            new CodeLayout(Bits: 2, _format.GroupSize, IsAffine: false),
            (_codes.cpu() + 2).to(ScalarType.Byte).MoveToOuterDisposeScope(),
            _scales.to(ScalarType.Float16, CPU, copy: true).MoveToOuterDisposeScope(),
            null);
    }

    /// <inheritdoc/>
    public override void RoundToStored()
    {
        Forget();
        BlockParameter.Round(_scales, ScalarType.Float16, $"scales of {Format}");
    }

    /// <inheritdoc/>
    public override void MoveTo(Device device)
    {
        Forget();
        Tensor moved = _codes.to(device, copy: true).DetachFromDisposeScope();
        _codes.Dispose();
        _codes = moved;
        _scales = BlockParameter.Move(_scales, device);
    }

    /// <inheritdoc/>
    protected override IEnumerable<StoredTensor> StoreBlock(string prefix) =>
    [
        new StoredTensor($"{prefix}.trits", Pack()),
        new StoredTensor($"{prefix}.scales", _scales.to(ScalarType.Float16, CPU, copy: true)),
    ];

    /// <inheritdoc/>
    protected override Tensor Decode(bool training)
    {
        using var scope = NewDisposeScope();
        Tensor spread = _scales.repeat_interleave(_format.GroupSize, 1).narrow(1, 0, Columns);
        return (_codes.to(ScalarType.Float32) * spread).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _codes.Dispose();
        _scales.Dispose();
    }

    private Tensor Pack()
    {
        long missing = (RowBytes(Columns) * PerByte) - Columns;
        Tensor digits = nn.functional.pad(_codes.cpu().to(ScalarType.Int64) + 1, [0, missing]);
        return (digits.view(Rows, -1, PerByte) * tensor(Powers)).sum(2).to(ScalarType.Byte);
    }
}
