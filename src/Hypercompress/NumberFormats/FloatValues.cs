using Hypercompress.Models.Errors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// Floating-point values: held and trained in float32, stored in float32, float16 or bfloat16. One tensor in the file,
/// named as the block; an empty block has none.
/// </summary>
public sealed class FloatValues : StoredValues
{
    private readonly ScalarType _type;
    private Parameter _values;

    /// <summary>Copies values and rounds them to the stored type.</summary>
    /// <param name="values">Floating point [rows, columns]; stays the caller's.</param>
    /// <param name="format">float32, float16 or bfloat16.</param>
    /// <exception cref="ArgumentException">
    /// The format is one of integer codes, or the tensor has not two dimensions.
    /// </exception>
    /// <exception cref="NumericalException">A value is NaN, infinite, or too large for the format.</exception>
    public FloatValues(Tensor values, ValueFormat format)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(format);
        if (values.dim() != 2)
        {
            throw new ArgumentException($"two dimensions are needed, found {values.dim()}", nameof(values));
        }

        _type = TypeOf(format);
        Format = format;
        (Rows, Columns) = (values.shape[0], values.shape[1]);
        BlockParameter.RequireWithin(values, BlockParameter.Largest(_type), What);
        _values = BlockParameter.Create(values);
        RoundToStored();
    }

    /// <inheritdoc/>
    public override ValueFormat Format { get; }

    /// <inheritdoc/>
    public override long Rows { get; }

    /// <inheritdoc/>
    public override long Columns { get; }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => [_values];

    private string What => $"values stored as {Format}";

    /// <summary>The parameter itself, which is owned by the block.</summary>
    /// <returns>float32 [rows, columns].</returns>
    public override Tensor Value() => _values;

    /// <inheritdoc/>
    public override void RoundToStored() => BlockParameter.Round(_values, _type, What);

    /// <inheritdoc/>
    public override void Scale(double factor)
    {
        BlockParameter.Multiply(_values, factor);
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
        return [new StoredTensor(prefix, _values.detach().to(_type, CPU, copy: true).MoveToOuterDisposeScope())];
    }

    /// <inheritdoc/>
    public override void MoveTo(Device device) => _values = BlockParameter.Move(_values, device);

    /// <summary>The torch type that a floating-point format is stored in.</summary>
    internal static ScalarType TypeOf(ValueFormat format) => format.Encoding switch
    {
        ValueEncoding.Float32 => ScalarType.Float32,
        ValueEncoding.Float16 => ScalarType.Float16,
        ValueEncoding.BFloat16 => ScalarType.BFloat16,
        _ => throw new ArgumentException($"{format} is not a floating-point format", nameof(format)),
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _values.Dispose();
}
