namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>Writes a row of integer codes.</summary>
/// <param name="row">0-based row.</param>
/// <param name="codes">Gets a code a column.</param>
/// <param name="scales">Gets the bits of a half-precision scale a group.</param>
/// <param name="minimums">Gets the bits of a half-precision minimum a group; empty where there are none.</param>
public delegate void GroupReader(int row, Span<byte> codes, Span<ushort> scales, Span<ushort> minimums);
