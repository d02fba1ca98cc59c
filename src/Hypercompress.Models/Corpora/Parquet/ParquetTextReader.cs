using Hypercompress.Models.Errors;
using Parquet;
using Parquet.Schema;

namespace Hypercompress.Models.Corpora.Parquet;

/// <summary>
/// Reads one column of strings of a Parquet file, one row group at a time. Rows without a value are passed over; the
/// strings of a list are the lines of one document.
/// </summary>
internal sealed class ParquetTextReader
{
    private const int NamedColumns = 20;
    private const long AlwaysAllowedCharacters = 8 << 20;
    private const long CharactersPerByte = 100;

    private readonly string _file;
    private readonly string _column;
    private long _budget;

    private ParquetTextReader(string file, string column)
    {
        (_file, _column) = (file, column);
        _budget = Math.Max(AlwaysAllowedCharacters, new FileInfo(file).Length * CharactersPerByte);
    }

    /// <summary>Reads the documents.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">
    /// The column: its name, with dots between the levels of nested ones; the levels that a list adds may be left out.
    /// </param>
    /// <returns>The documents, read as they are asked for.</returns>
    /// <exception cref="CheckpointException">The file is damaged, or has no such column of strings.</exception>
    public static IEnumerable<string> Read(string file, string column)
    {
        ParquetCheck.Require(file);
        var reader = new ParquetTextReader(file, column);
        for (int group = 0; reader.ReadGroup(group) is { } rows; group++)
        {
            foreach (string row in rows)
            {
                yield return row;
            }
        }
    }

    private IReadOnlyList<string>? ReadGroup(int group)
    {
        try
        {
            // The library is asynchronous only; nothing here has a context to block.
            return ReadGroupAsync(group).GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is not (HypercompressException or OutOfMemoryException))
        {
            throw new CheckpointException(_file, $"is not a readable Parquet file: {problem.Message}", problem);
        }
    }

    private async Task<IReadOnlyList<string>?> ReadGroupAsync(int group)
    {
        await using var reader = await ParquetReader.CreateAsync(_file).ConfigureAwait(false);
        if (group >= reader.RowGroupCount)
        {
            return null;
        }

        DataField field = Find(reader.Schema);
        using var rows = reader.OpenRowGroupReader(group);
        if (field.MaxRepetitionLevel > 0)
        {
            return await ReadListsAsync(rows, field).ConfigureAwait(false);
        }

        var texts = new string?[checked((int)rows.RowCount)];
        await rows.ReadAsync(field, texts.AsMemory()!).ConfigureAwait(false);
        return [.. texts.OfType<string>().Select(Spend)];
    }

    private async Task<IReadOnlyList<string>> ReadListsAsync(ParquetRowGroupReader rows, DataField field)
    {
        int count = checked((int)(rows.GetMetadata(field)?.MetaData?.NumValues ?? 0));
        var texts = new ReadOnlyMemory<char>[count];
        int[] definitions = new int[count];
        int[] repetitions = new int[count];
        await rows.ReadRawAsync(field, texts.AsMemory(), definitions.AsMemory(), repetitions.AsMemory())
            .ConfigureAwait(false);
        return Join(texts, [.. definitions.Select(level => level == field.MaxDefinitionLevel)], repetitions);
    }

    /// <summary>Joins the strings of each row; level 0 marks the first of a row, and there are no strings for empty
    /// lists.</summary>
    private List<string> Join(ReadOnlyMemory<char>[] texts, bool[] isThere, int[] levels)
    {
        List<List<string>> rows = [];
        int next = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            if (levels[i] == 0 || rows.Count == 0)
            {
                rows.Add([]);
            }

            if (isThere[i])
            {
                rows[^1].Add(Spend(texts[next++].ToString()));
            }
        }

        return [.. rows.Where(row => row.Count > 0).Select(row => string.Join('\n', row))];
    }

    private string Spend(string text)
    {
        _budget -= text.Length;
        return _budget >= 0 ? text : throw new CheckpointException(
            _file, $"grows to more than {CharactersPerByte} times its size; convert it to JSON lines if it is right");
    }

    private DataField Find(ParquetSchema schema)
    {
        DataField[] texts = [.. schema.GetDataFields().Where(IsText)];
        return texts.FirstOrDefault(field => PathOf(field) == _column)
            ?? texts.FirstOrDefault(field => ShortPath(field) == _column)
            ?? throw new CheckpointException(_file, $"has no text column '{_column}'; {Columns(schema, texts)}");
    }

    private static string Columns(ParquetSchema schema, DataField[] texts) => texts.Length == 0
        ? $"none of its columns holds texts: "
            + $"{string.Join(", ", schema.GetDataFields().Take(NamedColumns).Select(PathOf))}"
        : $"its text columns are {string.Join(", ", texts.Take(NamedColumns).Select(ShortPath))}: "
            + "name one as FILE:COLUMN";

    private static string PathOf(DataField field) => string.Join('.', field.Path.ToList());

    /// <summary>The path without the two levels that a list adds.</summary>
    private static string ShortPath(DataField field) =>
        PathOf(field).Replace(".list.element", null, StringComparison.Ordinal)
            .Replace(".list.item", null, StringComparison.Ordinal);

    // The library names strings by either type; both are read as strings.
    private static bool IsText(DataField field) =>
        field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);
}
