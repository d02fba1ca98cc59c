using System.Buffers.Binary;
using System.Text;

namespace Hypercompress.Models.Native;

/// <summary>
/// Marks a symbol version that a shared library asks for as weak, so that the loader accepts a host without it.
/// Right only for versions whose symbols are never called (System V gABI, "Symbol Versioning", VER_FLG_WEAK).
/// </summary>
internal static class ElfVersionWeakener
{
    private const int HeaderBytes = 64;
    private const int SectionBytes = 64;
    private const uint NeededVersionsSection = 0x6FFFFFFE;
    private const ushort WeakFlag = 2;

    private static ReadOnlySpan<byte> Elf64LittleEndian => [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    /// <summary>Sets the flag wherever a library asks for the version.</summary>
    /// <param name="image">The library; changed in place.</param>
    /// <param name="version">Such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>How often the version is asked for.</returns>
    /// <exception cref="InvalidDataException">
    /// The image is not a 64-bit little-endian ELF file, or is malformed.
    /// </exception>
    public static int Weaken(Span<byte> image, string version)
    {
        if (image.Length < HeaderBytes || !image.StartsWith(Elf64LittleEndian))
        {
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        }

        int weakened = 0;
        long sections = ReadInt64(image, 0x28);
        int sectionBytes = ReadUInt16(image, 0x3A);
        int count = ReadUInt16(image, 0x3C);
        if (count > 0 && sectionBytes != SectionBytes)
        {
            throw new InvalidDataException($"section headers of {sectionBytes} bytes");
        }

        for (int i = 0; i < count; i++)
        {
            long header = checked(sections + ((long)i * sectionBytes));
            if (ReadUInt32(image, header + 4) == NeededVersionsSection)
            {
                long linked = checked(sections + (ReadUInt32(image, header + 40) * (long)sectionBytes));
                long strings = ReadInt64(image, linked + 24);
                weakened += WeakenSection(image, ReadInt64(image, header + 24), strings, version);
            }
        }

        return weakened;
    }

    private static int WeakenSection(Span<byte> image, long need, long strings, string version)
    {
        int weakened = 0;

        // Both lists are linked by forward distances; the last has distance 0.
        for (uint next = 1; next != 0; need = checked(need + next))
        {
            next = ReadUInt32(image, need + 12);
            long auxiliary = checked(need + ReadUInt32(image, need + 8));
            int count = ReadUInt16(image, need + 2);
            for (int k = 0; k < count; k++)
            {
                if (NameIs(image, checked(strings + ReadUInt32(image, auxiliary + 8)), version))
                {
                    int flags = ReadUInt16(image, auxiliary + 4);
                    BinaryPrimitives.WriteUInt16LittleEndian(Part(image, auxiliary + 4, 2), (ushort)(flags | WeakFlag));
                    weakened++;
                }

                auxiliary = checked(auxiliary + ReadUInt32(image, auxiliary + 12));
            }
        }

        return weakened;
    }

    private static bool NameIs(Span<byte> image, long at, string name)
    {
        byte[] terminated = Encoding.ASCII.GetBytes(name + '\0');
        return at >= 0
            && at <= image.Length - terminated.Length
            && Part(image, at, terminated.Length).SequenceEqual(terminated);
    }

    private static ushort ReadUInt16(Span<byte> image, long at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(Part(image, at, 2));

    private static uint ReadUInt32(Span<byte> image, long at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(Part(image, at, 4));

    private static long ReadInt64(Span<byte> image, long at) =>
        BinaryPrimitives.ReadInt64LittleEndian(Part(image, at, 8));

    private static Span<byte> Part(Span<byte> image, long at, int length) => at >= 0 && at <= image.Length - length
        ? image.Slice((int)at, length)
        : throw new InvalidDataException($"a table points to byte {at} of {image.Length}");
}
