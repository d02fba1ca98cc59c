using static TorchSharp.torch;

namespace Hypercompress.Training.Passes;

/// <summary>A loss, and what it changes by with the logits.</summary>
/// <param name="Sum">The loss summed over positions.</param>
/// <param name="Gradient">Its gradient, float32 [positions, vocabulary].</param>
internal readonly record struct LossAtLogits(double Sum, Tensor Gradient);
