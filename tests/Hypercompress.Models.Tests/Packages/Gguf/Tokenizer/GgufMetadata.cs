using System.Text;
using Hypercompress.Models.Packages.Gguf.Tokenizer;

namespace Hypercompress.Models.Tests.Packages.Gguf.Tokenizer;

/// <summary>Just enough of a GGUF reader to get at the tokenizer of a file.</summary>
internal static class GgufMetadata
{
    public static GgufTokenizerData ReadTokenizer(string path)
    {
        var values = Read(path);
        return new GgufTokenizerData(
            (string)values["tokenizer.ggml.model"],
            Text(values, "tokenizer.ggml.pre"),
            List<string>(values, "tokenizer.ggml.tokens")!,
            List<float>(values, "tokenizer.ggml.scores"),
            List<int>(values, "tokenizer.ggml.token_type"),
            List<string>(values, "tokenizer.ggml.merges"),
            Integer(values, "tokenizer.ggml.bos_token_id"),
            Integer(values, "tokenizer.ggml.eos_token_id"),
            Integer(values, "tokenizer.ggml.unknown_token_id"),
            Integer(values, "tokenizer.ggml.padding_token_id"),
            Flag(values, "tokenizer.ggml.add_bos_token"),
            Flag(values, "tokenizer.ggml.add_eos_token"),
            Flag(values, "tokenizer.ggml.add_space_prefix"),
            Text(values, "tokenizer.chat_template"));
    }

    private static string? Text(Dictionary<string, object> values, string key) =>
        values.GetValueOrDefault(key) as string;

    private static int? Integer(Dictionary<string, object> values, string key) =>
        values.TryGetValue(key, out var value) ? Convert.ToInt32(value) : null;

    private static bool? Flag(Dictionary<string, object> values, string key) => values.GetValueOrDefault(key) as bool?;

    private static List<T>? List<T>(Dictionary<string, object> values, string key) =>
        values.TryGetValue(key, out var value) ? [.. ((object[])value).Cast<T>()] : null;

    private static Dictionary<string, object> Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        Assert.Equal(0x46554747u, reader.ReadUInt32());
        reader.ReadUInt32();
        reader.ReadInt64();
        long count = reader.ReadInt64();
        var values = new Dictionary<string, object>();
        for (long i = 0; i < count; i++)
        {
            string key = ReadString(reader);
            values[key] = ReadValue(reader, reader.ReadUInt32());
        }

        return values;
    }

    private static string ReadString(BinaryReader reader) =>
        Encoding.UTF8.GetString(reader.ReadBytes(checked((int)reader.ReadInt64())));

    private static object ReadValue(BinaryReader reader, uint type) => type switch
    {
        0 => reader.ReadByte(),
        1 => reader.ReadSByte(),
        2 => reader.ReadUInt16(),
        3 => reader.ReadInt16(),
        4 => reader.ReadUInt32(),
        5 => reader.ReadInt32(),
        6 => reader.ReadSingle(),
        7 => reader.ReadByte() != 0,
        8 => ReadString(reader),
        9 => ReadArray(reader),
        10 => reader.ReadUInt64(),
        11 => reader.ReadInt64(),
        12 => reader.ReadDouble(),
        _ => throw new InvalidDataException($"value type {type}"),
    };

    private static object[] ReadArray(BinaryReader reader)
    {
        uint type = reader.ReadUInt32();
        var items = new object[reader.ReadInt64()];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = ReadValue(reader, type);
        }

        return items;
    }
}
