using System.Buffers.Binary;
using Hypercompress.Models.Errors;
using Microsoft.Win32.SafeHandles;

namespace Hypercompress.Models.Corpora.Parquet;

/// <summary>
/// Checks the footer and the page headers of a Parquet file before a library reads it: numbers in them decide how much
/// memory and time the reading takes, and those of a damaged file can be anything.
/// </summary>
internal static class ParquetCheck
{
    private const int TailLength = 8;
    private const int MaxFooter = 256 << 20;
    private const int MaxSchemaDepth = 32;
    private const int MaxTypeLength = 1 << 16;
    private const int TypeLengthField = 2;
    private const int ChildrenField = 5;

    /// <summary>Checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">The one column that will be read, its names joined by dots; null for all.</param>
    /// <exception cref="CheckpointException">It cannot be read, or its numbers contradict its size.</exception>
    public static void Require(string path, string? column = null)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            ThriftStructure footer = ReadFooter(file);
            CheckSchema(footer);
            var pages = new ParquetPageCheck(file, column);
            foreach (ThriftStructure group in footer.Structures(4))
            {
                pages.CheckGroup(group);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw new CheckpointException(path, $"is not a readable Parquet file: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, ReadFault.Describe(path, fault), fault);
        }
    }

    private static ThriftStructure ReadFooter(SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        byte[] tail = ParquetPageCheck.ReadAt(file, length - TailLength, TailLength);
        if (!tail.AsSpan(sizeof(int)).SequenceEqual("PAR1"u8))
        {
            throw new InvalidDataException("it does not end with PAR1; it may be cut short");
        }

        int footer = BinaryPrimitives.ReadInt32LittleEndian(tail);
        return footer > 0 && footer <= MaxFooter && footer <= length - TailLength - sizeof(int)
            ? new ThriftReader(ParquetPageCheck.ReadAt(file, length - TailLength - footer, footer))
                .Read(ParquetFields.Footer)
            : throw new InvalidDataException($"its footer has {footer} bytes, the file {length}");
    }

    private static void CheckSchema(ThriftStructure footer)
    {
        ThriftStructure[] elements = [.. footer.Structures(2)];
        int next = 0;
        CheckElement(elements, ref next, MaxSchemaDepth);
        if (next != elements.Length)
        {
            throw new InvalidDataException("its schema has elements that no group holds");
        }
    }

    private static void CheckElement(ThriftStructure[] elements, ref int next, int depth)
    {
        if (next >= elements.Length || depth == 0)
        {
            throw new InvalidDataException("its schema has fewer elements than it says, or is nested too deeply");
        }

        ThriftStructure element = elements[next++];
        if (element.Number(TypeLengthField) is < 0 or > MaxTypeLength)
        {
            throw new InvalidDataException("its schema has values of a length out of range");
        }

        for (long child = element.Number(ChildrenField) ?? 0; child > 0; child--)
        {
            CheckElement(elements, ref next, depth - 1);
        }
    }
}
