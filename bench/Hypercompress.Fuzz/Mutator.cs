using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Hypercompress.Fuzz;

/// <summary>Changes files, by bytes, and text files by words too.</summary>
/// <param name="random">Decides the changes.</param>
/// <param name="words">Words to put in; none where the format is binary.</param>
internal sealed partial class Mutator(Random random, IReadOnlyList<string> words)
{
    private const int MaxSize = 1 << 20;

    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 16, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue,
        1L << 32, 1L << 40, long.MaxValue, long.MinValue, 1_000_000, 100_000_000,
    ];

    private static readonly string[] CommonWords =
    [
        "0", "-1", "1e999", "-1e308", "1e308", "0.5", "99999999999999999999", "2147483648", "1e-400", "null", "true",
        "[]", "{}", "\"\"", "\"\\ud800\"", "\"a\"", "[", "]", "{", "}", ",", ":", "\"", "\\", "\n", "\t", " ", "\0",
        "%",
        "\uFEFF", "é", "😀", "NaN", "Infinity", "&a", "*a", "!!int", "? ", "- ", "|", ">", "#", "---", "'",
    ];

    /// <summary>Changes a file in one to four places.</summary>
    /// <param name="seed">The file; left as it is.</param>
    /// <param name="others">Files that parts are taken from.</param>
    /// <returns>The changed file, at most 1 MiB and the seed's size.</returns>
    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> others)
    {
        byte[] result = seed;
        for (int change = random.Next(1, 5); change > 0; change--)
        {
            bool byWords = words.Count > 0 && random.Next(4) > 0;
            result = byWords ? ChangeWords(result) : ChangeBytes(result, others);
        }

        return result.Length <= seed.Length + MaxSize ? result : result[..(seed.Length + MaxSize)];
    }

    private byte[] ChangeBytes(byte[] bytes, IReadOnlyList<byte[]> others) => random.Next(10) switch
    {
        0 or 1 => Overwrite(bytes, [(byte)(bytes.Length == 0 ? 0 : bytes[At(bytes)] ^ (1 << random.Next(8)))]),
        2 => Overwrite(bytes, [(byte)random.Next(256)]),
        3 => Overwrite(bytes, Integer(sizeof(int))),
        4 => Overwrite(bytes, Integer(sizeof(long))),
        5 => Overwrite(bytes, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]),
        6 => Replace(bytes, At(bytes), Length(bytes), []),
        7 => Replace(bytes, At(bytes), 0, Part(bytes)),
        8 => Replace(bytes, At(bytes), Length(bytes), Part(others[random.Next(others.Count)])),
        _ => random.Next(4) == 0 ? bytes[..At(bytes)] : Overwrite(bytes, Integer(1)),
    };

    private byte[] ChangeWords(byte[] bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        MatchCollection found = Word().Matches(text);
        if (found.Count == 0)
        {
            return Encoding.UTF8.GetBytes(Pick());
        }

        Match one = found[random.Next(found.Count)];
        Match other = found[random.Next(found.Count)];
        string changed = random.Next(8) switch
        {
            0 => text.Remove(one.Index, one.Length),
            1 => text.Insert(one.Index, Pick()),
            2 => text.Insert(one.Index, Repeated(one.Value)),
            3 => text.Insert(
                other.Index, text.Substring(one.Index, Math.Min(random.Next(200), text.Length - one.Index))),
            4 => text.Remove(one.Index, Math.Min(random.Next(200), text.Length - one.Index)),
            5 => text.Remove(one.Index, one.Length).Insert(one.Index, other.Value),
            _ => text.Remove(one.Index, one.Length).Insert(one.Index, Pick()),
        };
        return Encoding.UTF8.GetBytes(changed);
    }

    private string Pick()
    {
        int index = random.Next(CommonWords.Length + words.Count);
        string word = index < words.Count ? words[index] : CommonWords[index - words.Count];
        return random.Next(40) == 0 ? Repeated(word) : word;
    }

    private string Repeated(string word)
    {
        int count = random.Next(4) == 0 ? 1 << random.Next(18) : random.Next(2, 20);
        return string.Concat(Enumerable.Repeat(word, Math.Min(count, MaxSize / Math.Max(1, word.Length))));
    }

    private byte[] Overwrite(byte[] bytes, byte[] value)
    {
        byte[] result = (byte[])bytes.Clone();
        int at = At(bytes);
        value.AsSpan(0, Math.Min(value.Length, result.Length - at)).CopyTo(result.AsSpan(at));
        return result;
    }

    private byte[] Integer(int size)
    {
        byte[] value = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(value, Numbers[random.Next(Numbers.Length)]);
        return value[..size];
    }

    private byte[] Part(byte[] bytes)
    {
        int at = At(bytes);
        return bytes.AsSpan(at, Math.Min(Length(bytes), bytes.Length - at)).ToArray();
    }

    private static byte[] Replace(byte[] bytes, int at, int count, byte[] value) =>
        [.. bytes[..at], .. value, .. bytes[Math.Min(bytes.Length, at + count)..]];

    private int At(byte[] bytes) => random.Next(bytes.Length + (bytes.Length == 0 ? 1 : 0));

    private int Length(byte[] bytes) => random.Next(3) == 0 ? random.Next(bytes.Length + 1) : random.Next(1, 17);

    [GeneratedRegex(@"\w+|\s+|[^\w\s]")]
    private static partial Regex Word();
}
