using System.Text;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// Writes a zip archive without compression whose contents start at multiples of 64 bytes, as torch.save aligns its
/// storages so that they can be mapped. (The library's own zip writer cannot align.)
/// </summary>
/// <param name="stream">An empty file that can be written and repositioned.</param>
/// <param name="largest32">From which size or place on the 64-bit fields are used.</param>
internal sealed class StoredZipWriter(Stream stream, long largest32 = uint.MaxValue)
{
    private const int Alignment = 64;
    private const int LocalHeaderBytes = 30;
    private const int ChecksumAt = 14;
    private const ushort Zip64Tag = 1;
    private const ushort PaddingTag = 0x4246;
    private const ushort VersionNeeded = 45;
    private const ushort Utf8Names = 1 << 11;

    // 1 January 1980: the same content gives the same bytes.
    private const uint Date = 0x00210000;

    private readonly List<StoredZipEntry> _entries = [];

    /// <summary>Adds an entry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">Bytes that <paramref name="write"/> writes.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="InvalidOperationException">It wrote another number of bytes.</exception>
    public void Add(string name, long length, Action<Stream> write)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        long headerAt = stream.Position;
        stream.Write(LocalHeader(utf8, length, headerAt));
        long contentAt = stream.Position;
        var checksum = new ChecksumStream(stream);
        write(checksum);
        if (stream.Position - contentAt != length)
        {
            throw new InvalidOperationException(
                $"{stream.Position - contentAt} bytes were written for {name}, {length} were declared");
        }

        long end = stream.Position;
        stream.Position = headerAt + ChecksumAt;
        stream.Write(BitConverter.GetBytes(checksum.Checksum));
        stream.Position = end;
        _entries.Add(new StoredZipEntry(utf8, length, headerAt, checksum.Checksum));
    }

    /// <summary>Adds a small entry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its content.</param>
    public void Add(string name, byte[] content) => Add(name, content.Length, target => target.Write(content));

    /// <summary>Writes the directory; nothing may be added afterwards.</summary>
    public void Finish()
    {
        long directoryAt = stream.Position;
        foreach (var entry in _entries)
        {
            stream.Write(DirectoryEntry(entry));
        }

        stream.Write(End(directoryAt, stream.Position - directoryAt));
    }

    private byte[] LocalHeader(byte[] name, long length, long headerAt)
    {
        using var buffer = new MemoryStream();
        using var header = new BinaryWriter(buffer);
        bool isLarge = length >= largest32;
        long unpadded = headerAt + LocalHeaderBytes + name.Length + (isLarge ? 20 : 0) + 4;
        int padding = (int)((Alignment - (unpadded % Alignment)) % Alignment);
        header.Write(0x04034B50u);
        WriteCommon(header, checksum: 0, isLarge ? uint.MaxValue : (uint)length);
        header.Write((ushort)name.Length);
        header.Write((ushort)((isLarge ? 20 : 0) + 4 + padding));
        header.Write(name);
        if (isLarge)
        {
            WriteZip64(header, [length, length]);
        }

        header.Write(PaddingTag);
        header.Write((ushort)padding);
        header.Write(Encoding.ASCII.GetBytes(new string('Z', padding)));
        return buffer.ToArray();
    }

    private byte[] DirectoryEntry(StoredZipEntry entry)
    {
        using var buffer = new MemoryStream();
        using var header = new BinaryWriter(buffer);
        bool isLarge = entry.Length >= largest32 || entry.HeaderAt >= largest32;
        header.Write(0x02014B50u);
        header.Write(VersionNeeded);
        WriteCommon(header, entry.Checksum, isLarge ? uint.MaxValue : (uint)entry.Length);
        header.Write((ushort)entry.Name.Length);
        header.Write((ushort)(isLarge ? 28 : 0));
        header.Write((ushort)0); // comment
        header.Write((ushort)0); // disk
        header.Write((ushort)0); // internal attributes
        header.Write(0u); // external attributes
        header.Write(isLarge ? uint.MaxValue : (uint)entry.HeaderAt);
        header.Write(entry.Name);
        if (isLarge)
        {
            WriteZip64(header, [entry.Length, entry.Length, entry.HeaderAt]);
        }

        return buffer.ToArray();
    }

    private byte[] End(long directoryAt, long directoryBytes)
    {
        using var buffer = new MemoryStream();
        using var end = new BinaryWriter(buffer);
        bool isLarge = directoryAt + directoryBytes >= largest32 || _entries.Count >= ushort.MaxValue;
        if (isLarge)
        {
            end.Write(0x06064B50u);
            end.Write(44L); // bytes of this record after this field
            end.Write(VersionNeeded);
            end.Write(VersionNeeded);
            end.Write(0u); // disk
            end.Write(0u); // disk of the directory
            end.Write((long)_entries.Count);
            end.Write((long)_entries.Count);
            end.Write(directoryBytes);
            end.Write(directoryAt);
            end.Write(0x07064B50u);
            end.Write(0u); // disk of the record above
            end.Write(directoryAt + directoryBytes);
            end.Write(1u); // disks
        }

        end.Write(0x06054B50u);
        end.Write(0u); // disk and disk of the directory
        end.Write(isLarge ? ushort.MaxValue : (ushort)_entries.Count);
        end.Write(isLarge ? ushort.MaxValue : (ushort)_entries.Count);
        end.Write(isLarge ? uint.MaxValue : (uint)directoryBytes);
        end.Write(isLarge ? uint.MaxValue : (uint)directoryAt);
        end.Write((ushort)0); // comment
        return buffer.ToArray();
    }

    private static void WriteCommon(BinaryWriter header, uint checksum, uint length)
    {
        header.Write(VersionNeeded);
        header.Write(Utf8Names);
        header.Write((ushort)0); // stored
        header.Write(Date);
        header.Write(checksum);
        header.Write(length);
        header.Write(length);
    }

    private static void WriteZip64(BinaryWriter header, ReadOnlySpan<long> values)
    {
        header.Write(Zip64Tag);
        header.Write((ushort)(sizeof(long) * values.Length));
        foreach (long value in values)
        {
            header.Write(value);
        }
    }
}
