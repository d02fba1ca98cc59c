using System.Text;

namespace Hypercompress.Models.Tests.Checkpoints;

/// <summary>Makes GGUF files by hand.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte[]> _pairs = [];
    private readonly List<byte[]> _tensors = [];
    private readonly MemoryStream _data = new();

    public uint Magic { get; set; } = 0x46554747;

    public uint Version { get; set; } = 3;

    public ulong? TensorCount { get; set; }

    public ulong? PairCount { get; set; }

    public int Alignment { get; set; } = 32;

    public GgufBytes Pair(string key, uint type, params byte[] value)
    {
        _pairs.Add([.. Text(key), .. BitConverter.GetBytes(type), .. value]);
        return this;
    }

    public GgufBytes Pair(string key, string value) => Pair(key, 8, Text(value));

    /// <summary>Adds a tensor whose data is appended at the next aligned place.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Number of its type.</param>
    /// <param name="dimensions">Fastest first, as in the file.</param>
    /// <param name="data">Its data.</param>
    public GgufBytes Tensor(string name, uint type, ulong[] dimensions, params byte[] data)
    {
        Entry(name, type, dimensions, (ulong)_data.Length);
        _data.Write(data);
        _data.Write(new byte[(Alignment - ((int)_data.Length % Alignment)) % Alignment]);
        return this;
    }

    /// <summary>Adds a tensor without data.</summary>
    public GgufBytes Entry(string name, uint type, ulong[] dimensions, ulong offset)
    {
        _tensors.Add(
        [
            .. Text(name), .. BitConverter.GetBytes((uint)dimensions.Length),
            .. dimensions.SelectMany(BitConverter.GetBytes), .. BitConverter.GetBytes(type),
            .. BitConverter.GetBytes(offset),
        ]);
        return this;
    }

    public byte[] Make()
    {
        List<byte> bytes =
        [
            .. BitConverter.GetBytes(Magic), .. BitConverter.GetBytes(Version),
            .. BitConverter.GetBytes(TensorCount ?? (ulong)_tensors.Count),
            .. BitConverter.GetBytes(PairCount ?? (ulong)_pairs.Count),
            .. _pairs.SelectMany(pair => pair), .. _tensors.SelectMany(tensor => tensor),
        ];
        if (_tensors.Count > 0)
        {
            bytes.AddRange(new byte[(Alignment - (bytes.Count % Alignment)) % Alignment]);
        }

        return [.. bytes, .. _data.ToArray()];
    }

    public static byte[] Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return [.. BitConverter.GetBytes((ulong)utf8.Length), .. utf8];
    }

    public static byte[] List(uint type, ulong count, params byte[] items) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(count), .. items];
}
