using Hypercompress.Models.Errors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.Floats;

/// <summary>
/// Floating-point values: held and trained in float32, stored in float32, float16 or bfloat16. One tensor in the file,
/// named as the block; an empty block has none.
/// </summary>
internal sealed class FloatValues : StoredValues
{
    private readonly ScalarType _type;
    private Parameter _values;

    /// <summary>Copies values and rounds them to the stored type.</summary>
    /// <param name="values">Floating point [rows, columns]; stays the caller's.</param>
    /// <param name="format">float32, float16 or bfloat16.</param>
    /// <exception cref="ArgumentException">The tensor does not have two dimensions.</exception>
    /// <exception cref="NumericalException">A value is NaN, infinite, or too large for the format.</exception>
    public FloatValues(Tensor values, FloatFormat format)
        : base(format, Matrix(values).shape[0], values.shape[1])
    {
        _type = format.Type;
        BlockParameter.RequireWithin(values, BlockParameter.Largest(_type), What);
        _values = BlockParameter.Create(values);
        RoundToStored();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => [_values];

    private string What => $"values stored as {Format}";

    /// <summary>The parameter itself, which is owned by the block.</summary>
    /// <returns>float32 [rows, columns].</returns>
    public override Tensor Value() => _values;

    /// <inheritdoc/>
    public override void RoundToStored() => BlockParameter.Round(_values, _type, What);

    /// <inheritdoc/>
    public override void MoveTo(Device device) => _values = BlockParameter.Move(_values, device);

    /// <inheritdoc/>
    protected override IEnumerable<StoredTensor> StoreBlock(string prefix) =>
        [new StoredTensor(prefix, _values.detach().to(_type, CPU, copy: true))];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _values.Dispose();

    private static Tensor Matrix(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.dim() == 2
            ? values
            : throw new ArgumentException($"two dimensions are needed, found {values.dim()}", nameof(values));
    }
}
