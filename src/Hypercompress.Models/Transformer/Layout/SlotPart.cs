namespace Hypercompress.Models.Transformer.Layout;

/// <summary>A part of a checkpoint's tensor and where its rows are in the decoder.</summary>
/// <param name="Slot">Name of the slot of the matrix or vector.</param>
/// <param name="Row">First row of the slot that the part fills.</param>
/// <param name="Part">The part.</param>
public sealed record SlotPart(string Slot, long Row, LayoutPart Part);
