namespace Hypercompress.Models.Transformer;

/// <summary>One tensor of a Hugging Face checkpoint that a place of a decoder is made of.</summary>
/// <param name="TensorName">Its name in the checkpoint.</param>
/// <param name="Rows">How many rows of the place it fills.</param>
public sealed record LayoutPart(string TensorName, long Rows);
