using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints.Quantized;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Tests.Checkpoints.Quantized;

/// <summary>
/// Weights that are packed here, value by value, and must come back as the formula of their format says.
/// </summary>
[NoTensorLeaks]
public sealed class QuantizedCheckpointTests : IDisposable
{
    private const int Out = 16;
    private const int In = 48;
    private const int Groups = 3;

    private readonly ScratchFolder _folder = new();
    private readonly Random _random = new(5);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, false, false)]
    [InlineData(4, true, true)]
    [InlineData(8, false, true)]
    [InlineData(2, true, false)]
    public void Gptq_EveryVersion_IsDequantized(int bits, bool isSecondVersion, bool hasOrder)
    {
        int[,] codes = Codes(Out, In, bits);
        int[,] zeros = Codes(Groups, Out, bits);
        Half[] scales = Scales(Groups * Out);
        int[] group = [.. Enumerable.Range(0, In).Select(i => hasOrder ? i % Groups : i / (In / Groups))];
        int mask = (1 << bits) - 1;
        var file = new RawTensors()
            .Add("m.qweight", "I32", [In * bits / 32, Out], PackDown(codes, bits))
            .Add("m.qzeros", "I32", [Groups, Out * bits / 32], PackAlong(
                Map(zeros, zero => isSecondVersion ? zero : (zero - 1) & mask), bits))
            .Add("m.scales", "F16", [Groups, Out], scales);
        if (hasOrder)
        {
            file.Add("m.g_idx", "I32", [In], group);
        }

        var config = new JsonObject
        {
            ["quant_method"] = "gptq",
            ["bits"] = bits,
            ["checkpoint_format"] = isSecondVersion ? "gptq_v2" : "gptq",
        };
        AssertWeight(file, config, (o, i) =>
            (float)scales[(group[i] * Out) + o] * (codes[o, i] - zeros[group[i], o]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Awq_StatedOrNot_IsDequantized(bool isStated)
    {
        // Eight outputs of a word, from its lowest bits.
        int[] order = [0, 2, 4, 6, 1, 3, 5, 7];
        int[,] codes = Codes(In, Out, 4);
        int[,] zeros = Codes(Groups, Out, 4);
        Half[] scales = Scales(Groups * Out);
        var file = new RawTensors()
            .Add("m.qweight", "I32", [In, Out / 8], PackAlong(codes, 4, order))
            .Add("m.qzeros", "I32", [Groups, Out / 8], PackAlong(zeros, 4, order))
            .Add("m.scales", "F16", [Groups, Out], scales);
        JsonObject? config = isStated ? new() { ["quant_method"] = "awq", ["version"] = "GEMM" } : null;
        AssertWeight(file, config, (o, i) =>
            (float)scales[(i / (In / Groups) * Out) + o] * (codes[i, o] - zeros[i / (In / Groups), o]));
    }

    [Theory]
    [InlineData(4, Groups, false, false)]
    [InlineData(4, Groups, true, true)]
    [InlineData(4, 1, true, false)]
    [InlineData(8, Groups, true, false)]
    [InlineData(8, 1, false, false)]
    public void PackQuantized_GroupsAndChannels_AreDequantized(int bits, int groups, bool hasZeros, bool hasOrder)
    {
        int[,] codes = Codes(Out, In, bits);
        int[,] zeros = Codes(Out, groups, bits);
        Half[] scales = Scales(Out * groups);
        int[] group = [.. Enumerable.Range(0, In).Select(i => hasOrder ? (i * 7) % groups : i / (In / groups))];
        var file = new RawTensors()
            .Add("m.weight_packed", "I32", [Out, In * bits / 32], PackAlong(codes, bits))
            .Add("m.weight_scale", "F16", [Out, groups], scales)
            .Add("m.weight_shape", "I64", [2], new long[] { Out, In });
        if (hasZeros)
        {
            file.Add("m.weight_zero_point", "I32", [Out * bits / 32, groups], PackDown(Transposed(zeros), bits));
        }

        if (hasOrder)
        {
            file.Add("m.weight_g_idx", "I32", [In], group);
        }

        AssertWeight(file, new() { ["quant_method"] = "compressed-tensors", ["format"] = "pack-quantized" }, (o, i) =>
            (float)scales[(o * groups) + group[i]] * (codes[o, i] - (hasZeros ? zeros[o, group[i]] : 1 << (bits - 1))));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void PackQuantized_ReferenceVectors_AreUnpacked(int bits)
    {
        JsonNode vectors = Vectors()["pack"]!.AsArray().Single(item => (int)item!["bits"]! == bits)!;
        int[][] values = Rows(vectors["values"]!);
        int[][] words = Rows(vectors["dense_words"]!);
        Half[] ones = [.. values.Select(_ => (Half)1)];
        var file = new RawTensors()
            .Add("m.weight_packed", "I32", [words.Length, words[0].Length], words.SelectMany(row => row).ToArray())
            .Add("m.weight_scale", "F16", [values.Length, 1], ones)
            .Add("m.weight_shape", "I64", [2], new long[] { values.Length, values[0].Length });
        AssertWeight(file, null, (o, i) => values[o][i], values.Length, values[0].Length);
    }

    [Fact]
    public void PackQuantized_ReferenceZeroPoints_AreUnpacked()
    {
        JsonNode vectors = Vectors()["zp_packed_dim0_4bit"]!;
        int[][] zeros = Rows(vectors["zp"]!);
        int[][] words = Rows(vectors["words"]!);
        int rows = zeros.Length;
        var file = new RawTensors()
            .Add("m.weight_packed", "I32", [rows, 3], new int[rows * 3])
            .Add("m.weight_scale", "F16", [rows, 3], Enumerable.Repeat((Half)1, rows * 3).ToArray())
            .Add("m.weight_zero_point", "I32", [words.Length, 3], words.SelectMany(row => row).ToArray())
            .Add("m.weight_shape", "I64", [2], new long[] { rows, 24 });
        AssertWeight(file, null, (o, i) => -8 - zeros[o][i / 8], rows, 24);
    }

    [Theory]
    [InlineData("weight_scale", new long[0], 130, 200)]
    [InlineData("weight_scale", new long[] { 1 }, 130, 200)]
    [InlineData("weight_scale", new long[] { 130 }, 1, 200)]
    [InlineData("weight_scale", new long[] { 130, 1 }, 1, 200)]
    [InlineData("weight_scale", new long[] { 130, 5 }, 1, 40)]
    [InlineData("weight_scale_inv", new long[] { 2, 2 }, 128, 128)]
    public void Float8_ScalesOfEveryExtent_AreApplied(string name, long[] shape, int blockRows, int blockColumns)
    {
        byte[] codes = new byte[130 * 200];
        _random.NextBytes(codes);
        codes = [.. codes.Select(code => (byte)(code & 0xBF))];
        float[] scales =
            [.. Scales(Math.Max(1, (int)shape.Aggregate(1L, (a, b) => a * b))).Select(scale => (float)scale)];
        int across = shape.Length < 2 ? 1 : (int)shape[1];
        var file = new RawTensors().Add("m.weight", "F8_E4M3", [130, 200], codes)
            .Add("m." + name, "F32", shape, scales);
        var config = new JsonObject { ["quant_method"] = "fp8" };
        if (name == "weight_scale_inv")
        {
            config["weight_block_size"] = new JsonArray(128, 128);
        }

        AssertWeight(
            file,
            config,
            (o, i) => E4M3(codes[(o * 200) + i]) * scales[(o / blockRows * across) + (i / blockColumns)],
            130,
            200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Int8_RowScalesAndZeroPoints_AreApplied(bool hasZeros)
    {
        sbyte[] codes = [.. Enumerable.Range(0, Out * In).Select(_ => (sbyte)_random.Next(-128, 128))];
        sbyte[] zeros = [.. Enumerable.Range(0, Out).Select(_ => (sbyte)_random.Next(-128, 128))];
        Half[] scales = Scales(Out);
        var file = new RawTensors().Add("m.weight", "I8", [Out, In], codes)
            .Add("m.weight_scale", "F16", [Out, 1], scales);
        if (hasZeros)
        {
            file.Add("m.weight_zero_point", "I8", [Out, 1], zeros);
        }

        AssertWeight(file, new() { ["quant_method"] = "compressed-tensors" }, (o, i) =>
            (float)scales[o] * (codes[(o * In) + i] - (hasZeros ? zeros[o] : 0)));
    }

    [Fact]
    public void TryOpen_ScalesOfActivations_AreLeftOut()
    {
        var file = new RawTensors().Add("m.weight", "I8", [1, 2], 1, 2).Add("m.weight_scale", "F32", [1], new[] { 1f })
            .Add("m.input_scale", "F32", [1], new[] { 1f }).Add("m.bias", "F32", [1], new[] { 3f });
        using QuantizedCheckpoint source = Open(file, null)!;
        Assert.Equal(["m.bias", "m.weight"], source.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((6, "I8"), (source.Tensors["m.weight"].ByteLength, source.Tensors["m.weight"].DataType));
    }

    [Theory]
    [InlineData("m.SCB", "F32", "", "bitsandbytes int8")]
    [InlineData("m.weight.quant_state.bitsandbytes__nf4", "U8", "", "bitsandbytes NF4")]
    [InlineData("m.gate_up_proj_blocks", "U8", "mxfp4", "MXFP4")]
    [InlineData("m.W_q", "U8", "hqq", "HQQ")]
    [InlineData("m.codebooks", "F32", "aqlm", "AQLM")]
    [InlineData("m.q_invperm", "I16", "", "EXL2")]
    [InlineData("m.weight_global_scale", "F32", "", "NVFP4")]
    [InlineData("m.weight_packed", "U8", "compressed-tensors", "4-bit floating point")]
    [InlineData("m.weight", "I8", "eetq", "EETQ")]
    [InlineData("m.weight", "I8", "torchao", "torchao")]
    [InlineData("m.weight", "U8", "something-new", "something-new")]
    public void TryOpen_MethodsThatAreNotRead_AreNamed(string tensor, string type, string method, string expected)
    {
        var file = new RawTensors().Add(tensor, type, [1], new byte[type == "F32" ? 4 : type == "I16" ? 2 : 1]);
        var e = Assert.Throws<CheckpointException>(
            () => Open(file, method.Length == 0 ? null : new() { ["quant_method"] = method }));
        Assert.Contains($"quantized by {expected}", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, e.ExitCode);
    }

    [Theory]
    [InlineData("""{"quant_method": "awq", "version": "gemv"}""", "AWQ in the layout gemv")]
    [InlineData("""{"quant_method": "gptq", "checkpoint_format": "marlin"}""", "GPTQ in the format marlin")]
    [InlineData("""{"quant_method": "compressed-tensors", "transform_config": {"a": 1}}""", "rotations")]
    [InlineData("""{"quant_method": "compressed-tensors", "sparsity_config": {"format": "sparse-24-bitmask"}}""", "sparse-24-bitmask")]
    public void TryOpen_LayoutsThatAreNotRead_AreNamed(string settings, string expected)
    {
        var file = new RawTensors().Add("m.qweight", "I32", [1, 1], new int[1])
            .Add("m.scales", "F16", [1, 8], new Half[8])
            .Add("m.qzeros", "I32", [1, 1], new int[1]);
        var e = Assert.Throws<CheckpointException>(() => Open(file, JsonNode.Parse(settings)!.AsObject()));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryOpen_CodesWithoutScale_AreRefused()
    {
        var file = new RawTensors().Add("m.weight", "F8_E4M3", [1, 2], 1, 2);
        Assert.Null(Open(file, null));
        var e = Assert.Throws<CheckpointException>(() => Open(file, new() { ["quant_method"] = "fp8" }));
        Assert.Contains("no \"m.weight_scale\"", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryOpen_ScalesOfAnotherShape_AreRefused()
    {
        var file = new RawTensors().Add("m.weight", "I8", [4, 2], new byte[8])
            .Add("m.weight_scale", "F32", [3, 1], new float[3]);
        var e = Assert.Throws<CheckpointException>(() => Open(file, null));
        Assert.Contains("scales that do not fit it", e.Message, StringComparison.Ordinal);
    }

    private static JsonNode Vectors() =>
        JsonNode.Parse(File.ReadAllText(SharedFiles.Require("golden/compressed_tensors_vectors.json")))!;

    private static int[][] Rows(JsonNode node) =>
        [.. node.AsArray().Select(row => row!.AsArray().Select(value => (int)value!).ToArray())];

    private void AssertWeight(
        RawTensors file, JsonObject? settings, Func<int, int, float> expected, int rows = Out, int columns = In)
    {
        using QuantizedCheckpoint source = Open(file, settings)!;
        Assert.Equal([rows, columns], source.Tensors["m.weight"].Shape);
        Assert.Equal(["m.weight"], source.Tensors.Keys);
        using torch.Tensor weight = source.Read("m.weight");
        Assert.Equal((torch.ScalarType.Float32, true), (weight.dtype, weight.is_contiguous()));
        float[] values = weight.data<float>().ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(expected(i / columns, i % columns), values[i]);
        }
    }

    private QuantizedCheckpoint? Open(RawTensors file, JsonObject? settings)
    {
        SafetensorsFile stored = SafetensorsFile.Open(_folder.Write("model.safetensors", file.Make()));
        QuantizedCheckpoint? source = null;
        try
        {
            JsonObject config = settings is null ? [] : new() { ["quantization_config"] = settings };
            return source = QuantizedCheckpoint.TryOpen(stored, config, _folder.Path);
        }
        finally
        {
            if (source is null)
            {
                stored.Dispose();
            }
        }
    }

    private int[,] Codes(int rows, int columns, int bits) => Map(new int[rows, columns], _ => _random.Next(1 << bits));

    private Half[] Scales(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (Half)(0.01 + _random.NextDouble()))];

    private static int[,] Map(int[,] values, Func<int, int> change)
    {
        int[,] changed = new int[values.GetLength(0), values.GetLength(1)];
        for (int i = 0; i < values.Length; i++)
        {
            int column = i % values.GetLength(1);
            changed[i / values.GetLength(1), column] = change(values[i / values.GetLength(1), column]);
        }

        return changed;
    }

    private static int[,] Transposed(int[,] values)
    {
        int[,] turned = new int[values.GetLength(1), values.GetLength(0)];
        for (int row = 0; row < values.GetLength(0); row++)
        {
            for (int column = 0; column < values.GetLength(1); column++)
            {
                turned[column, row] = values[row, column];
            }
        }

        return turned;
    }

    /// <summary>Packs rows: values [rows, columns] to words [rows, columns · bits / 32].</summary>
    private static int[] PackAlong(int[,] values, int bits, int[]? order = null)
    {
        int perWord = 32 / bits;
        int words = values.GetLength(1) / perWord;
        int[] packed = new int[values.GetLength(0) * words];
        for (int word = 0; word < packed.Length; word++)
        {
            for (int i = 0; i < perWord; i++)
            {
                int column = (word % words * perWord) + (order is null ? i : order[i]);
                packed[word] |= values[word / words, column] << (bits * i);
            }
        }

        return packed;
    }

    /// <summary>Packs columns: values [out, in] to words [in · bits / 32, out].</summary>
    private static int[] PackDown(int[,] values, int bits)
    {
        int rows = values.GetLength(0);
        int[] along = PackAlong(values, bits);
        int words = along.Length / rows;
        int[] down = new int[along.Length];
        for (int i = 0; i < along.Length; i++)
        {
            down[(i % words * rows) + (i / words)] = along[i];
        }

        return down;
    }

    private static float E4M3(byte code)
    {
        int exponent = (code >> 3) & 15;
        double magnitude = exponent == 0 ? (code & 7) / 512.0 : (1 + ((code & 7) / 8.0)) * Math.Pow(2, exponent - 7);
        return (float)((code & 0x80) == 0 ? magnitude : -magnitude);
    }
}
