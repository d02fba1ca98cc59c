using System.Text;

namespace Hypercompress.Models.Tokenization;

/// <summary>
/// The printable alphabet of byte-level BPE (GPT-2): bytes 33–126, 161–172 and 174–255 stand for themselves, the other
/// 68 are U+0100, U+0101, … in order.
/// </summary>
internal static class ByteAlphabet
{
    private const int Size = 256 + 68;
    private static readonly char[] ToChar = BuildChars();
    private static readonly short[] ToByte = BuildBytes();

    public static char CharOf(byte value) => ToChar[value];

    /// <summary>The byte that a character stands for, or -1.</summary>
    public static int ByteOf(char value) => value < Size ? ToByte[value] : -1;

    /// <summary>Appends the alphabet form of the UTF-8 bytes of a text.</summary>
    public static void Append(ReadOnlySpan<char> text, StringBuilder output)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                output.Append(ToChar[rune.Value]);
                continue;
            }

            int count = rune.EncodeToUtf8(utf8);
            foreach (byte value in utf8[..count])
            {
                output.Append(ToChar[value]);
            }
        }
    }

    /// <summary>Appends the bytes of a token; a token outside the alphabet gives its own UTF-8 bytes.</summary>
    public static void AppendBytes(string token, List<byte> output)
    {
        int before = output.Count;
        foreach (char unit in token)
        {
            int value = ByteOf(unit);
            if (value < 0)
            {
                output.RemoveRange(before, output.Count - before);
                output.AddRange(Encoding.UTF8.GetBytes(token));
                return;
            }

            output.Add((byte)value);
        }
    }

    private static char[] BuildChars()
    {
        var chars = new char[256];
        int extra = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174;
            chars[value] = (char)(printable ? value : extra++);
        }

        return chars;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[Size];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < 256; value++)
        {
            bytes[ToChar[value]] = (short)value;
        }

        return bytes;
    }
}
