using System.Diagnostics.CodeAnalysis;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Checkpoints.Gguf;

public sealed class GgufFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Open_SmallFile_GivesMetadataAndReversedShape(uint version)
    {
        byte[] data = [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))];
        using var file = Open(new GgufBytes { Version = version }
            .Pair("general.architecture", "llama")
            .Tensor("w", 0, [3, 2], data)
            .Tensor("i", 24, [2], 0xFF, 5)
            .Tensor("s", 28, [], BitConverter.GetBytes(2.5)));
        using var w = file.Read("w");
        using var i = file.Read("i");
        using var s = file.Read("s");

        Assert.Equal((int)version, file.Version);
        Assert.Equal("llama", file.Metadata.GetString("general.architecture"));
        Assert.Equal([2L, 3L], file.Tensors["w"].Shape);
        Assert.Equal(("F32", 24L), (file.Tensors["w"].DataType, file.Tensors["w"].ByteLength));
        Assert.Equal([2L, 3L], w.shape);
        Assert.Equal([0, 1, 2, 3, 4, 5], w.data<float>().ToArray());
        Assert.Equal([-1, 5], i.data<sbyte>().ToArray());
        Assert.Equal(2.5, s.item<double>());
    }

    [Fact]
    public void Metadata_EveryType_IsTyped()
    {
        using var file = Open(new GgufBytes()
            .Pair("u8", 0, 0xFF).Pair("i8", 1, 0xFF).Pair("u16", 2, 0xFF, 0xFF).Pair("i16", 3, 0xFE, 0xFF)
            .Pair("u32", 4, 0xFF, 0xFF, 0xFF, 0xFF).Pair("i32", 5, 0xFD, 0xFF, 0xFF, 0xFF)
            .Pair("f32", 6, BitConverter.GetBytes(1e-5f)).Pair("yes", 7, 1).Pair("no", 7, 0).Pair("text", "é")
            .Pair("u64", 10, BitConverter.GetBytes(ulong.MaxValue)).Pair("i64", 11, BitConverter.GetBytes(-4L))
            .Pair("f64", 12, BitConverter.GetBytes(0.1))
            .Pair("words", 9, GgufBytes.List(8, 2, [.. GgufBytes.Text("a"), .. GgufBytes.Text("")]))
            .Pair("numbers", 9, GgufBytes.List(3, 2, 1, 0, 0xFF, 0xFF))
            .Pair("floats", 9, GgufBytes.List(6, 1, BitConverter.GetBytes(0.5f)))
            .Pair("flags", 9, GgufBytes.List(7, 2, 1, 0))
            .Pair("empty", 9, GgufBytes.List(8, 0)));
        var metadata = file.Metadata;

        Assert.Equal(
            [255, -1, 65535, -2, uint.MaxValue, -3, -4],
            new[] { "u8", "i8", "u16", "i16", "u32", "i32", "i64" }.Select(metadata.GetInteger));
        Assert.Equal((double)1e-5f, metadata.GetNumber("f32"));
        Assert.Equal(0.1, metadata.FindNumber("f64"));
        Assert.Equal(-4, metadata.FindNumber("i64"));
        Assert.Equal((true, false), (metadata.FindBoolean("yes"), metadata.FindBoolean("no")));
        Assert.Equal("é", metadata.FindString("text"));
        Assert.Equal(["a", ""], metadata.GetStrings("words"));
        Assert.Equal([1L, -1L], metadata.GetIntegers("numbers"));
        Assert.Equal([255L], metadata.GetIntegers("u8"));
        Assert.Equal([0.5], metadata.FindNumbers("floats"));
        Assert.Equal([true, false], (bool[])metadata.Values["flags"]);
        Assert.Empty(metadata.GetStrings("empty"));
        Assert.Null(metadata.FindString("absent"));
        Assert.Null(metadata.FindIntegers("absent"));
        AssertFails("'absent' is missing", () => metadata.GetInteger("absent"));
        AssertFails("'u64' must be a whole number", () => metadata.GetInteger("u64"));
        AssertFails("'text' must be a number, found String", () => metadata.GetNumber("text"));
        AssertFails("'u8' must be a text, found Byte", () => metadata.GetString("u8"));
        AssertFails("'words' must be a list of whole numbers", () => metadata.GetIntegers("words"));
    }

    [Fact]
    public void Open_OtherAlignment_PlacesDataByIt()
    {
        using var file = Open(new GgufBytes { Alignment = 64 }
            .Pair("general.alignment", 4, 64, 0, 0, 0)
            .Tensor("a", 24, [1], 1)
            .Tensor("b", 24, [1], 2));
        using var b = file.Read("b");

        Assert.Equal(2, b.item<sbyte>());
    }

    [Fact]
    [SuppressMessage("Maintainability", "CA1506", Justification = "A table of faults.")]
    public void Open_BrokenFile_SaysWhat()
    {
        ulong[] one = [1];
        Fails("not a GGUF file", new GgufBytes { Magic = 1 });
        Fails("version 1;", new GgufBytes { Version = 1 });
        Fails("big-endian", new GgufBytes { Version = 0x03000000 });
        Fails("1000 tensors cannot be", new GgufBytes { TensorCount = 1000 });
        Fails("18446744073709551615 metadata pairs cannot be", new GgufBytes { PairCount = ulong.MaxValue });
        Fails("unknown value type 13", new GgufBytes().Pair("k", 13, new byte[16]));
        Fails("'k': 2 is neither true", new GgufBytes().Pair("k", 7, 2));
        Fails("metadata 'k': 65535 bytes", new GgufBytes().Pair("k", 8, BitConverter.GetBytes(65535UL)));
        Fails("lists of lists", new GgufBytes().Pair("k", 9, GgufBytes.List(9, 1, new byte[12])));
        Fails("unknown value type 77 in a list", new GgufBytes().Pair("k", 9, GgufBytes.List(77, 1, 0)));
        Fails("metadata 'k': 1000000 numbers", new GgufBytes().Pair("k", 9, GgufBytes.List(12, 1_000_000, 0)));
        Fails("metadata 'k': 1000000 items", new GgufBytes().Pair("k", 9, GgufBytes.List(8, 1_000_000, new byte[64])));
        Fails("'k' occurs twice", new GgufBytes().Pair("k", 7, 1).Pair("k", 7, 1));
        Fails("general.alignment' is 48", new GgufBytes().Pair("general.alignment", 4, 48, 0, 0, 0));
        Fails("general.alignment' is 0", new GgufBytes().Pair("general.alignment", 4, 0, 0, 0, 0));
        Fails("general.alignment' is 32 (Byte)", new GgufBytes().Pair("general.alignment", 0, 32));
        Fails("'t': 5 dimensions", new GgufBytes().Tensor("t", 0, [1, 1, 1, 1, 1], new byte[4]));
        Fails("dimension 18446744073709551615 overflows", new GgufBytes().Tensor("t", 0, [ulong.MaxValue]));
        Fails("'t': the size of shape", new GgufBytes().Tensor("t", 0, [1UL << 32, 1UL << 32]));
        Fails("'t': elements of Q4_2 (type 4, which", new GgufBytes().Tensor("t", 4, [32], new byte[18]));
        Fails("'t': elements of type 99", new GgufBytes().Tensor("t", 99, one, 0));
        Fails("rows of 48 are not a whole number of Q4_0 blocks", new GgufBytes().Tensor("t", 2, [48, 2], new byte[54]));
        Fails("'t': offset 8 is not a multiple of 32", new GgufBytes().Entry("t", 24, one, 8));
        Fails("'t': offset 32000", new GgufBytes().Entry("t", 24, one, 32000));
        Fails("'t': its 40 bytes", new GgufBytes().Entry("t", 24, [40], 0).Tensor("u", 24, [0], new byte[32]));
        Fails("overlaps", new GgufBytes().Tensor("t", 24, [33], new byte[64]).Entry("u", 24, one, 32));
        Fails("'t' occurs twice", new GgufBytes().Tensor("t", 24, one, 1).Tensor("t", 24, one, 1));
    }

    [Fact]
    public void Open_TextThatIsNotUtf8_IsRefusedWhenItIsAskedFor()
    {
        using var file = Open(new GgufBytes().Pair("note", 8, [1, 0, 0, 0, 0, 0, 0, 0, 0xFF]).Pair("name", "x")
            .Pair("words", 9, GgufBytes.List(8, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0xFF)));
        Assert.Equal("x", file.Metadata.FindString("name"));
        foreach (string key in new[] { "note", "words" })
        {
            var e = Assert.Throws<CheckpointException>(() => file.Metadata.FindStrings(key));
            Assert.Contains($"metadata '{key}' is not valid UTF-8", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_FileCutAnywhereInItsHead_Fails()
    {
        byte[] whole = new GgufBytes().Pair("key", "value").Pair("n", 9, GgufBytes.List(4, 1, 0, 0, 0, 0))
            .Tensor("t", 24, [1], 1).Make();
        int head = whole.Length - 32;
        for (int length = 0; length < head; length++)
        {
            string path = _folder.Write("cut.gguf", whole[..length]);
            Assert.Throws<CheckpointException>(() => GgufFile.Open(path));
        }
    }

    [Theory]
    [InlineData("gpt-2", 50257)]
    [InlineData("llama-spm", 32000)]
    [InlineData("phi-3", 32064)]
    public void Open_VocabularyFile_HasItsTokens(string name, int tokens)
    {
        using var file = GgufFile.Open(SharedFiles.Require($"models/gguf-vocab/ggml-vocab-{name}.gguf"));

        Assert.Empty(file.Tensors);
        Assert.Equal(tokens, file.Metadata.GetStrings("tokenizer.ggml.tokens").Count);
        Assert.Equal(tokens, file.Metadata.GetIntegers("tokenizer.ggml.token_type").Count);
    }

    [Fact]
    public void Read_SameModelInBothFormats_IsEqualInF32()
    {
        using var gguf = GgufFile.Open(SharedFiles.Require("golden/arch/llama-tied/model-f32.gguf"));
        using var safetensors = SafetensorsFile.Open(SharedFiles.Require("golden/arch/llama-tied/model.safetensors"));
        foreach (var (ggufName, name) in Unpermuted())
        {
            using var expected = safetensors.Read(name);
            using var actual = gguf.Read(ggufName);
            Assert.True(expected.Equals(actual), name);
        }
    }

    [Theory]
    [InlineData("q4_0", "Q4_0")]
    [InlineData("q8_0", "Q8_0")]
    public void Read_QuantizedModel_LiesWithinHalfAStepOfTheOriginal(string file, string type)
    {
        using var gguf = GgufFile.Open(SharedFiles.Require($"golden/arch/llama-tied/model-{file}.gguf"));
        using var safetensors = SafetensorsFile.Open(SharedFiles.Require("golden/arch/llama-tied/model.safetensors"));
        foreach (var (ggufName, name) in Unpermuted().Where(pair => gguf.Tensors[pair.Gguf].DataType == type))
        {
            using var scope = NewDisposeScope();
            var expected = safetensors.Read(name).reshape(-1, 32);
            var actual = gguf.Read(ggufName).reshape(-1, 32);

            // Q4_0 reaches from −8 to 7, so the far end may miss by a whole step; the scale itself is rounded to half.
            var step = expected.abs().amax([1], keepdim: true) / (type == "Q4_0" ? 8 : 127);
            float worst = ((expected - actual).abs() / step).max().item<float>();
            Assert.InRange(worst, 0.3f, type == "Q4_0" ? 1.01f : 0.57f);
        }
    }

    [Fact]
    public void Read_RealModel_GivesPlausibleWeightsWithoutLeaks()
    {
        using var file = GgufFile.Open(
            SharedFiles.Require("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        long before = TensorLeaks.Alive();

        Assert.Equal(134_515_008, file.Tensors.Values.Sum(info => info.ElementCount));
        Assert.Equal(30, file.Metadata.GetInteger("llama.block_count"));
        Assert.Equal(100_000, file.Metadata.GetNumber("llama.rope.freq_base"));
        using (var weight = file.Read("blk.3.ffn_up.weight"))
        {
            Assert.Equal([1536L, 576L], weight.shape);
            using var deviation = weight.std();
            Assert.InRange(deviation.item<float>(), 0.02f, 0.5f);
        }

        Assert.Equal(before, TensorLeaks.Alive());
    }

    private static IEnumerable<(string Gguf, string Name)> Unpermuted() =>
    [
        ("token_embd.weight", "model.embed_tokens.weight"),
        ("blk.0.attn_v.weight", "model.layers.0.self_attn.v_proj.weight"),
        ("blk.0.attn_output.weight", "model.layers.0.self_attn.o_proj.weight"),
        ("blk.1.ffn_gate.weight", "model.layers.1.mlp.gate_proj.weight"),
        ("blk.1.ffn_up.weight", "model.layers.1.mlp.up_proj.weight"),
        ("blk.1.ffn_down.weight", "model.layers.1.mlp.down_proj.weight"),
        ("output_norm.weight", "model.norm.weight"),
    ];

    private static void AssertFails<T>(string expected, Func<T> action) =>
        Assert.Contains(
            expected, Assert.Throws<CheckpointException>(() => { action(); }).Message, StringComparison.Ordinal);

    private void Fails(string expected, GgufBytes bytes) => AssertFails(expected, () => Open(bytes));

    private GgufFile Open(GgufBytes bytes) => GgufFile.Open(_folder.Write("x.gguf", bytes.Make()));
}
