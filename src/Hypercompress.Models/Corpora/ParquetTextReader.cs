using Hypercompress.Models.Errors;
using Parquet;
using Parquet.Schema;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Reads one string column of a Parquet file, one row group at a time. Rows without a value are passed over.
/// </summary>
internal static class ParquetTextReader
{
    // A row group of text this large is a corrupt count.
    private const long MaxRows = 1 << 26;

    public static IEnumerable<string> Read(string file, string column)
    {
        for (int group = 0; ReadGroup(file, column, group) is { } rows; group++)
        {
            foreach (string? row in rows)
            {
                if (row is not null)
                {
                    yield return row;
                }
            }
        }
    }

    private static string?[]? ReadGroup(string file, string column, int group)
    {
        try
        {
            // The library is asynchronous only; nothing here has a context to block.
            return ReadGroupAsync(file, column, group).GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is not (HypercompressException or OutOfMemoryException))
        {
            throw new CheckpointException(file, $"is not a readable Parquet file: {problem.Message}", problem);
        }
    }

    private static async Task<string?[]?> ReadGroupAsync(string file, string column, int group)
    {
        await using var reader = await ParquetReader.CreateAsync(file).ConfigureAwait(false);
        if (group >= reader.RowGroupCount)
        {
            return null;
        }

        var field = Find(reader.Schema, column, file);
        using var rows = reader.OpenRowGroupReader(group);
        if (rows.RowCount is < 0 or > MaxRows)
        {
            throw new CheckpointException(file, $"row group {group} claims {rows.RowCount} rows");
        }

        var texts = new string?[rows.RowCount];
        await rows.ReadAsync(field, texts.AsMemory()!).ConfigureAwait(false);
        return texts;
    }

    private static DataField Find(ParquetSchema schema, string column, string file)
    {
        var field = schema.GetDataFields().FirstOrDefault(candidate => candidate.Name == column);
        if (field is null || field.IsArray || !IsText(field.ClrType))
        {
            var known = schema.GetDataFields().Select(candidate => $"{candidate.Name} ({candidate.ClrType.Name})");
            throw new CheckpointException(
                file, $"has no text column '{column}'; its columns are {string.Join(", ", known)}");
        }

        return field;
    }

    // The library names strings by either type; both are read as strings.
    private static bool IsText(Type type) => type == typeof(string) || type == typeof(ReadOnlyMemory<char>);
}
