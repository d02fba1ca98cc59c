using TorchSharp;

namespace Hypercompress.NumberFormats;

/// <summary>A tensor as it goes into the file.</summary>
/// <param name="Name">Name in the checkpoint.</param>
/// <param name="Value">The tensor in its stored type, on the CPU; whoever receives it disposes it.</param>
public sealed record StoredTensor(string Name, torch.Tensor Value);
