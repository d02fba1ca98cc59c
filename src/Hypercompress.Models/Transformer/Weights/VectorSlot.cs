using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>Owner of one norm weight or bias.</summary>
internal sealed class VectorSlot : IDisposable
{
    /// <summary>Takes over a vector.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">float32 [length]; emptied.</param>
    public VectorSlot(string name, Tensor value)
    {
        Name = name;
        Value = new Parameter(value, requires_grad: false);
        Value.DetachFromDisposeScope();
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The values.</summary>
    public Parameter Value { get; private set; }

    /// <summary>Moves the values to a device.</summary>
    public void MoveTo(Device device)
    {
        using var noGrad = no_grad();
        var moved = new Parameter(Value.to(device, copy: true), Value.requires_grad);
        moved.DetachFromDisposeScope();
        Value.Dispose();
        Value = moved;
    }

    /// <inheritdoc/>
    public void Dispose() => Value.Dispose();
}
