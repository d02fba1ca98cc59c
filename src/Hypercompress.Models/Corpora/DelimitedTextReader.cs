using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>Reads one document per row from a column of a <see cref="DelimitedTable"/>.</summary>
internal static class DelimitedTextReader
{
    public static IEnumerable<string> Read(TextReader reader, string file, string column, char separator)
    {
        var table = new DelimitedTable(reader, file, separator);
        int index = table.Header.ToList().IndexOf(column);
        return index >= 0 ? table.Rows().Select(row => row.Cells[index])
            : table.Header.Count == 0 ? []
            : throw new CheckpointException(
                file, $"has no column '{column}'; its columns are {string.Join(", ", table.Header)}: name one as "
                    + $"FILE:COLUMN");
    }
}
