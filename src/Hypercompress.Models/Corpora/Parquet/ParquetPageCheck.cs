using Microsoft.Win32.SafeHandles;

namespace Hypercompress.Models.Corpora.Parquet;

/// <summary>Checks the pages of one file, together, against what a file of its size may hold.</summary>
internal sealed class ParquetPageCheck
{
    private const long AlwaysAllowedValues = 1 << 18;
    private const long ValuesPerByte = 32;
    private const long AlwaysAllowedBytes = 8 << 20;
    private const long UnpackedPerByte = 100;
    private const int SmallHeader = 1 << 12;
    private const int LargeHeader = 16 << 20;
    private const int DataPage = 0;
    private const int DictionaryPage = 2;
    private const int DataPage2 = 3;

    private readonly SafeFileHandle _file;
    private readonly string? _column;
    private readonly long _length;
    private long _values;
    private long _bytes;
    private long _pages;

    /// <summary>Prepares the check.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">The one column that will be read, its names joined by dots; null for all.</param>
    public ParquetPageCheck(SafeFileHandle file, string? column)
    {
        (_file, _column, _length) = (file, column, RandomAccess.GetLength(file));
        _values = Math.Max(AlwaysAllowedValues, _length * ValuesPerByte);
        _bytes = Math.Max(AlwaysAllowedBytes, _length * UnpackedPerByte);
        _pages = _length;
    }

    /// <summary>Reads bytes of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="position">Position of the first.</param>
    /// <param name="count">How many.</param>
    /// <returns>All of them.</returns>
    /// <exception cref="InvalidDataException">The file has fewer.</exception>
    public static byte[] ReadAt(SafeFileHandle file, long position, int count)
    {
        byte[] bytes = new byte[position >= 0 && position <= RandomAccess.GetLength(file) - count
            ? count
            : throw new InvalidDataException("it is cut short")];
        for (int read = 0, got; read < count; read += got)
        {
            got = RandomAccess.Read(file, bytes.AsSpan(read), position + read);
            if (got == 0)
            {
                throw new InvalidDataException("it is cut short");
            }
        }

        return bytes;
    }

    /// <summary>Checks a row group.</summary>
    /// <param name="group">The RowGroup of the footer.</param>
    /// <exception cref="InvalidDataException">Its numbers contradict each other or the size of the file.</exception>
    public void CheckGroup(ThriftStructure group)
    {
        long rows = group.Require(3, "a number of rows");
        Spend(ref _values, rows, "rows");
        foreach (ThriftStructure chunk in group.Structures(1))
        {
            ThriftStructure metadata = chunk.Structure(3)
                ?? throw new InvalidDataException("a column has no description");
            if (_column is null || string.Join('.', metadata.Texts(3)) == _column)
            {
                CheckChunk(metadata, rows);
            }
        }
    }

    private void CheckChunk(ThriftStructure metadata, long rows)
    {
        long values = metadata.Require(5, "a number of values");
        long size = metadata.Require(7, "the size of a column");
        long start = metadata.Require(9, "the position of a column");
        start = metadata.Number(11) is > 0 and { } dictionary ? Math.Min(start, dictionary) : start;
        Spend(ref _values, values, "values");
        if (size > _length - start)
        {
            throw new InvalidDataException("a column reaches beyond the end");
        }

        long found = 0;
        for (long position = start; found < values && position < start + size;)
        {
            position += CheckPage(position, start + size - position, ref found);
        }

        if (found != values)
        {
            throw new InvalidDataException($"a column has {found} values and should have {values} of {rows} rows");
        }
    }

    private long CheckPage(long position, long left, ref long found)
    {
        Spend(ref _pages, 1, "pages");
        ThriftStructure page = ReadHeader(position, left, out int header);
        long packed = page.Require(3, "the size of a page");
        long unpacked = page.Require(2, "the unpacked size of a page");
        Spend(ref _bytes, unpacked, "unpacked bytes");
        if (packed > left - header)
        {
            throw new InvalidDataException("a page reaches beyond its column");
        }

        switch (page.Require(1, "the type of a page"))
        {
            case DataPage:
                found += Values(page, 5);
                break;
            case DataPage2:
                found += Values(page, 8);
                CheckLevels(page.Structure(8)!, unpacked);
                break;
            case DictionaryPage when Values(page, 7) is var entries && entries > unpacked:
                throw new InvalidDataException($"a dictionary has {entries} entries in {unpacked} bytes");
        }

        return header + packed;
    }

    private ThriftStructure ReadHeader(long position, long left, out int length)
    {
        int tried = (int)Math.Min(left, SmallHeader);
        while (true)
        {
            try
            {
                var reader = new ThriftReader(ReadAt(_file, position, tried));
                ThriftStructure header = reader.Read(ParquetFields.Page);
                length = reader.Position;
                return header;
            }
            catch (EndOfStreamException) when (tried < Math.Min(left, LargeHeader))
            {
                // Headers with long statistics are rare.
                tried = (int)Math.Min(left, LargeHeader);
            }
        }
    }

    private static long Values(ThriftStructure page, int header) =>
        (page.Structure(header) ?? throw new InvalidDataException("a page has no header of its type"))
            .Require(1, "the number of values of a page");

    private static void CheckLevels(ThriftStructure header, long unpacked)
    {
        if (header.Require(5, "the size of levels") + header.Require(6, "the size of levels") > unpacked)
        {
            throw new InvalidDataException("the levels of a page are larger than the page");
        }
    }

    private static void Spend(ref long budget, long cost, string of)
    {
        budget -= cost;
        if (budget < 0)
        {
            throw new InvalidDataException($"it says that it holds more {of} than a file of its size can");
        }
    }
}
