using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>A matrix whose rows are stored in blocks of an element type of GGUF.</summary>
/// <param name="Type">The type.</param>
/// <param name="Rows">uint8 [rows, bytes of a row], on the CPU; belongs to the matrix.</param>
public sealed record BlockRows(GgmlType Type, Tensor Rows);
