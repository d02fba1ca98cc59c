using TorchSharp;

namespace Hypercompress.Training;

/// <summary>A batch that a block is trained on.</summary>
/// <param name="Input">The states that enter the compressed block, float32 [batch, tokens, hidden].</param>
/// <param name="Target">The states that leave the dense block, the same shape.</param>
internal sealed record BlockBatch(torch.Tensor Input, torch.Tensor Target);
