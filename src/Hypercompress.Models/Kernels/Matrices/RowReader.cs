namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>Writes the bytes of a row of a matrix.</summary>
/// <param name="row">0-based row.</param>
/// <param name="bytes">All bytes of the row.</param>
public delegate void RowReader(int row, Span<byte> bytes);
