using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>A part of a loss that is a sum over layers, taken while a pass goes through them.</summary>
internal interface ILayerLoss : IForwardTap, IDisposable
{
    /// <summary>The sum over the layers so far, a scalar; gradients flow through it.</summary>
    Tensor Sum { get; }
}
