namespace Hypercompress.Models.Transformer.Layout;

/// <summary>A part of a checkpoint's tensor and where its rows stand in the decoder.</summary>
/// <param name="Place">Name of the matrix or vector.</param>
/// <param name="Row">First row of the place that the part fills.</param>
/// <param name="Part">The part.</param>
public sealed record SlotPart(string Place, long Row, LayoutPart Part);
