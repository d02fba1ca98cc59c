using System.Text;

namespace Hypercompress.Models.Tests.Packages;

/// <summary>Writes small GGUF files of float32 tensors.</summary>
internal sealed class GgufBuilder
{
    private readonly Dictionary<string, object> _metadata = [];
    private readonly List<(string Name, long[] Shape, float[] Values)> _tensors = [];

    /// <summary>A llama model of one layer: hidden 8, two heads over one key/value head, width 4.</summary>
    public static GgufBuilder TinyLlama()
    {
        var builder = new GgufBuilder()
            .With("general.architecture", "llama")
            .With("llama.block_count", 1u)
            .With("llama.context_length", 64u)
            .With("llama.embedding_length", 8u)
            .With("llama.feed_forward_length", 12u)
            .With("llama.attention.head_count", 2u)
            .With("llama.attention.head_count_kv", 1u)
            .With("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .With("llama.rope.freq_base", 500000f)
            .With("tokenizer.ggml.eos_token_id", 2u)
            .Tensor("token_embd.weight", 10, 8)
            .Tensor("output_norm.weight", 8);
        foreach ((string name, long rows, long columns) in new[]
        {
            ("attn_q", 8L, 8L), ("attn_k", 4, 8), ("attn_v", 4, 8), ("attn_output", 8, 8),
            ("ffn_gate", 12, 8), ("ffn_up", 12, 8), ("ffn_down", 8, 12),
        })
        {
            builder.Tensor($"blk.0.{name}.weight", rows, columns);
        }

        return builder.Tensor("blk.0.attn_norm.weight", 8).Tensor("blk.0.ffn_norm.weight", 8);
    }

    public GgufBuilder With(string key, object value)
    {
        _metadata[key] = value;
        return this;
    }

    public GgufBuilder Tensor(string name, params long[] shape)
    {
        int count = (int)shape.Aggregate(1L, (product, size) => product * size);
        return Values(name, shape, [.. Enumerable.Range(0, count).Select(i => (float)i)]);
    }

    public GgufBuilder Values(string name, long[] shape, float[] values)
    {
        _tensors.Add((name, shape, values));
        return this;
    }

    public void Save(string path)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_metadata.Count);
        foreach ((string key, object value) in _metadata)
        {
            Text(writer, key);
            Value(writer, value);
        }

        ulong offset = 0;
        foreach ((string name, long[] shape, float[] values) in _tensors)
        {
            Text(writer, name);
            writer.Write((uint)shape.Length);
            foreach (long size in shape.Reverse())
            {
                writer.Write((ulong)size);
            }

            writer.Write(0u);
            writer.Write(offset);
            offset += (ulong)Padded(values.Length * 4);
        }

        Pad(writer);
        foreach ((_, _, float[] values) in _tensors)
        {
            foreach (float value in values)
            {
                writer.Write(value);
            }

            Pad(writer);
        }
    }

    private static void Value(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case uint number:
                writer.Write(4u);
                writer.Write(number);
                break;
            case float number:
                writer.Write(6u);
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(7u);
                writer.Write(flag);
                break;
            case string text:
                writer.Write(8u);
                Text(writer, text);
                break;
            default:
                throw new ArgumentException($"no writer for {value.GetType()}", nameof(value));
        }
    }

    private static void Text(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static long Padded(long length) => (length + 31) / 32 * 32;

    private static void Pad(BinaryWriter writer)
    {
        long at = writer.BaseStream.Position;
        writer.Write(new byte[Padded(at) - at]);
    }
}
