namespace Hypercompress.Models.Corpora;

/// <summary>One row of a <see cref="DelimitedTable"/>.</summary>
/// <param name="Cells">As many as the table has columns.</param>
/// <param name="Line">The line on which the row begins, from 1.</param>
internal readonly record struct DelimitedRow(IReadOnlyList<string> Cells, int Line);
