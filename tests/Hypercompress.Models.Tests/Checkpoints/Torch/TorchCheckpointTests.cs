using System.IO.Compression;
using System.Text;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Checkpoints.Torch;

public sealed class TorchCheckpointTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_HandmadeFile_GivesEveryTypeAndTiedView()
    {
        using var checkpoint = TorchCheckpointReader.Read(
            SharedFiles.Require("models/torch-pt-samples/handmade_minimal.pt"));
        var tensors = Dictionary(checkpoint.Root).Values.Cast<Tensor>().ToList();
        Tensor Of(ScalarType type) => Assert.Single(tensors, tensor => tensor.dtype == type);

        Assert.Equal([0, 1, 2, 3, 4, 5], ((Tensor)Dictionary(checkpoint.Root)["a.weight"]!).data<float>().ToArray());
        using var bfloat = Of(ScalarType.BFloat16).to(ScalarType.Float32);
        using var half = Of(ScalarType.Float16).to(ScalarType.Float32);
        Assert.Equal([0, 1, 2, 3], bfloat.data<float>().ToArray());
        Assert.Equal([1L, 2L], half.shape);
        Assert.Equal([1.5f, -2], half.data<float>().ToArray());
        Assert.Equal([1, -1, 3], Of(ScalarType.Int8).data<sbyte>().ToArray());
        Assert.Equal((7, 0), (Of(ScalarType.Int64).item<long>(), Of(ScalarType.Int64).dim()));
        Assert.Equal([true, false], Of(ScalarType.Bool).data<bool>().ToArray());
        Assert.Equal([5, 255], Of(ScalarType.Byte).data<byte>().ToArray());
        Assert.Equal([-9], Of(ScalarType.Int32).data<int>().ToArray());
        var tied = Assert.Single(tensors, tensor => tensor.shape is [3, 2]);
        Assert.Equal([0, 3, 1, 4, 2, 5], tied.data<float>().ToArray());
        Assert.Single(tensors, tensor => tensor.shape is [0, 3]);
    }

    [Theory]
    [InlineData("torch113_linear_state_dict.pt", "weight:2x3 bias:2")]
    [InlineData("torch113_parameter_dict.pt", "w:2")]
    public void Open_FileOfTorch_ListsItsTensors(string file, string expected)
    {
        using var source = TorchStateDict.Open(SharedFiles.Require($"models/torch-pt-samples/{file}"));

        Assert.Equal(
            expected,
            string.Join(' ', source.Tensors.Values.Select(info => $"{info.Name}:{string.Join('x', info.Shape)}")));
        using var first = source.Read(source.Tensors.Keys.First());
        Assert.Equal(ScalarType.Float32, first.dtype);
    }

    [Fact]
    public void Open_ParameterOfOnes_ReadsOnes()
    {
        using var source = TorchStateDict.Open(
            SharedFiles.Require("models/torch-pt-samples/torch113_parameter_dict.pt"));
        using var w = source.Read("w");

        Assert.Equal([1, 1], w.data<float>().ToArray());
    }

    [Fact]
    public void Open_TorchScriptProgram_IsRefusedByName()
    {
        string path = SharedFiles.Require("models/torch-pt-samples/shakespeare.pt.zip");

        Assert.Contains(
            "uses __torch__.llm.LanguageModel",
            Assert.Throws<CheckpointException>(() => TorchStateDict.Open(path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/torch-pt-samples/smollm1_1B7-2_norm_rank.pth")]
    [InlineData("models/torch-pt-samples/handmade_minimal.pt")]
    [InlineData("golden/arch/llama-bin/pytorch_model.bin")]
    public void Open_FilesOfOthers_ReadsEveryTensorTheSameBothWays(string file)
    {
        string path = SharedFiles.Require(file);
        using var source = TorchStateDict.Open(path);
        using var whole = TorchCheckpointReader.Read(path);

        Assert.NotEmpty(source.Tensors);
        foreach (var (name, value) in Flatten("", whole.Root))
        {
            using var lazy = source.Read(name);
            Assert.True(lazy.Equals(value), name);
        }
    }

    [Theory]
    [InlineData("llama-bin")]
    [InlineData("gpt2-bin")]
    public void Open_ModelFolderWithBin_HasTheWeights(string model)
    {
        using var source = CheckpointFolder.Open(SharedFiles.Require($"golden/arch/{model}"));

        Assert.IsType<TorchStateDict>(source);
        foreach (var info in source.Tensors.Values)
        {
            using var tensor = source.Read(info.Name);
            Assert.Equal(info.Shape, tensor.shape);
        }
    }

    [Fact]
    public void Open_TiedHead_IsTheEmbedding()
    {
        using var source = TorchStateDict.Open(SharedFiles.Require("golden/arch/llama-bin/pytorch_model.bin"));
        using var head = source.Read("lm_head.weight");
        using var embedding = source.Read("model.embed_tokens.weight");

        Assert.True(head.Equals(embedding));
    }

    [Fact]
    public void Open_LegacyFile_HasEveryTensor()
    {
        using var legacy = CheckpointFolder.Open(SharedFiles.Require("golden/arch/llama-bin-legacy"));

        Assert.Equal(21, legacy.Tensors.Count);
        Assert.Equal([288, 48], legacy.Tensors["lm_head.weight"].Shape);
        using var norm = legacy.Read("model.norm.weight");
        Assert.Equal(ScalarType.Float32, norm.dtype);
    }

    [Fact]
    public void Read_LegacyFile_GivesTheStoragesInOrder()
    {
        string path = _folder.Write("legacy.pt", LegacyTorchFile.Make());
        using var scope = NewDisposeScope();
        using TorchCheckpoint checkpoint = TorchCheckpointReader.Read(path);
        var root = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(checkpoint.Root);

        Assert.Equal([0f, 1, 2, 3, 4, 5], ((Tensor)root["a"]!).data<float>().ToArray());
        Assert.Equal([7L, 8], ((Tensor)root["b"]!).data<long>().ToArray());
    }

    [Fact]
    public void Read_LegacyFileCutOff_IsRefused()
    {
        string path = _folder.Write("legacy.pt", LegacyTorchFile.Make()[..^1]);

        var e = Assert.Throws<CheckpointException>(() => TorchStateDict.Open(path));

        Assert.Contains("storage 1 has not the 2 elements", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NestedValues_ReadsBackTheSame()
    {
        using var scope = NewDisposeScope();
        var weight = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        var lazy = new TensorToWrite("", ScalarType.Int64, [], () => tensor(41L));
        string path = _folder.Of("c.pt");

        long bytes = TorchCheckpointWriter.Write(path, new Dictionary<string, object?>
        {
            ["model"] = new Dictionary<string, Tensor>
            {
                ["weight"] = weight,
                ["tied"] = weight,
                ["flat"] = weight.reshape(6),
                ["turned"] = weight.t(),
                ["none"] = zeros(0, 3),
                ["half"] = full([2], 1.5, dtype: ScalarType.BFloat16),
            },
            ["step"] = lazy,
            ["config"] = new Dictionary<string, object?>
            {
                ["name"] = "größe",
                ["numbers"] = new object?[]
                {
                    0, 255, 256, 65535, 65536, -1, int.MinValue, long.MaxValue, long.MinValue,
                },
                ["rate"] = 1e-4,
                ["on"] = true,
                ["off"] = false,
                ["nothing"] = null,
                ["empty"] = Array.Empty<int>(),
            },
        });

        Assert.Equal(24 + 24 + 4 + 8, bytes);
        using var read = TorchCheckpointReader.Read(path);
        var root = Dictionary(read.Root);
        var model = Dictionary(root["model"]);
        var config = Dictionary(root["config"]);
        Assert.Equal([0, 1, 2, 3, 4, 5], ((Tensor)model["flat"]!).data<float>().ToArray());
        Assert.Equal([2L, 3L], ((Tensor)model["tied"]!).shape);
        Assert.Equal([0, 3, 1, 4, 2, 5], ((Tensor)model["turned"]!).data<float>().ToArray());
        Assert.Equal([0L, 3L], ((Tensor)model["none"]!).shape);
        Assert.Equal(ScalarType.BFloat16, ((Tensor)model["half"]!).dtype);
        Assert.Equal(41, ((Tensor)root["step"]!).item<long>());
        Assert.Equal("größe", config["name"]);
        Assert.Equal(
            [0L, 255L, 256L, 65535L, 65536L, -1L, (long)int.MinValue, long.MaxValue, long.MinValue],
            ((IReadOnlyList<object?>)config["numbers"]!).Cast<long>());
        Assert.Equal((1e-4, true, false), (config["rate"], config["on"], config["off"]));
        Assert.Null(config["nothing"]);
        Assert.Empty((IReadOnlyList<object?>)config["empty"]!);

        using var lazily = TorchStateDict.Open(path);
        Assert.Equal(
            ["flat", "half", "none", "tied", "turned", "weight"], lazily.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("BF16", lazily.Tensors["half"].DataType);
    }

    [Fact]
    public void Read_TiedTensors_ShareTheirMemoryAndStaySharedWhenWrittenAgain()
    {
        using var scope = NewDisposeScope();
        var weight = ones(4);
        var content = new Dictionary<string, object?> { ["a"] = weight, ["b"] = weight };
        TorchCheckpointWriter.Write(_folder.Of("first.pt"), content);
        using var read = TorchCheckpointReader.Read(_folder.Of("first.pt"));

        ((Tensor)Dictionary(read.Root)["a"]!).fill_(5);
        long bytes = TorchCheckpointWriter.Write(
            _folder.Of("second.pt"), (IReadOnlyDictionary<string, object?>)read.Root!);

        Assert.Equal([5, 5, 5, 5], ((Tensor)Dictionary(read.Root)["b"]!).data<float>().ToArray());
        Assert.Equal(16, bytes);
    }

    [Fact]
    public void Write_Archive_IsStoredAlignedAndDeterministic()
    {
        using var scope = NewDisposeScope();
        var content = new Dictionary<string, object?> { ["a"] = ones(3), ["b"] = zeros(100) };
        string path = _folder.Of("c.pt");
        TorchCheckpointWriter.Write(path, content);
        byte[] bytes = File.ReadAllBytes(path);
        TorchCheckpointWriter.Write(path, content);

        Assert.Equal(bytes, File.ReadAllBytes(path));
        using var zip = ZipFile.OpenRead(path);
        Assert.Equal(
            ["archive/data.pkl", "archive/byteorder", "archive/data/0", "archive/data/1", "archive/version"],
            zip.Entries.Select(entry => entry.FullName));
        Assert.Equal("3\n", new StreamReader(zip.GetEntry("archive/version")!.Open()).ReadToEnd());
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        int one = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F]);
        Assert.Equal(0, one % 64);
    }

    [Fact]
    public void Write_OneTensor_IsThePickleOfTheTable()
    {
        using var weight = ones(2, 3);
        string path = _folder.Of("c.pt");

        TorchCheckpointWriter.Write(path, new Dictionary<string, object?> { ["w"] = weight });

        using var zip = ZipFile.OpenRead(path);
        using var stream = zip.GetEntry("archive/data.pkl")!.Open();
        using var pickle = new MemoryStream();
        stream.CopyTo(pickle);
        string expected = "\u0080\u0002}(X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storage"
            + "ctorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0006tQK\0(K\u0002K\u0003t(K\u0003K\u0001t\u0089"
            + "ccollections\nOrderedDict\n)RtRu.";
        Assert.Equal(expected, Encoding.Latin1.GetString(pickle.ToArray()));
    }

    [Fact]
    public void Write_ValueOfAnotherType_Throws() => Assert.Throws<ArgumentException>(() => TorchCheckpointWriter.Write(
        _folder.Of("c.pt"), new Dictionary<string, object?> { ["x"] = new Version(1, 0) }));

    [Theory]
    [InlineData("cos\nsystem\n", "it uses os.system")]
    [InlineData("cbuiltins\neval\n", "it uses builtins.eval")]
    [InlineData("ctorch._utils\n_rebuild_qtensor\n", "_rebuild_qtensor")]
    [InlineData("\u0095", "opcode 0x95")]
    [InlineData("i", "opcode 0x69")]
    [InlineData("ccollections\nOrderedDict\n]a", "appended to something that is not a list")]
    [InlineData("K\u0001)R", "not a function")]
    [InlineData("ccollections\nOrderedDict\nK\u0001\u0085R", "arguments that it does not take")]
    [InlineData("h\u0005", "recalled before it is set")]
    [InlineData("t", "a mark is missing")]
    [InlineData("(\u0085", "the stack is empty")]
    [InlineData("}K\u0001Ns", "ok")]
    [InlineData("}NNs", "a key of type None")]
    [InlineData("}(Nu", "a value is missing")]
    [InlineData("X\u00FF\u00FF\u00FF\u00FF", "ends too early")]
    [InlineData("\u008A\u0009", "exceeds 64 bits")]
    [InlineData("K\u0001Nb", "has a state")]
    [InlineData("K\u0001Q", "not that of a storage")]
    [InlineData("]q\0h\0a", "nested too deeply")]
    [InlineData("c", "does not end")]
    public void Read_ForeignPickle_IsRefusedByName(string body, string expected)
    {
        string path = Archive($"\u0080\u0002{body}.");
        if (expected == "ok")
        {
            using var checkpoint = TorchCheckpointReader.Read(path);
            Assert.Equal(["1"], Dictionary(checkpoint.Root).Keys);
            return;
        }

        var e = Assert.Throws<CheckpointException>(() => TorchCheckpointReader.Read(path));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ListsThatDoubleAtEachLevel_IsRefusedQuickly()
    {
        string body = "]";
        for (int level = 0; level < 60; level++)
        {
            body += $"q{(char)level}]h{(char)level}ah{(char)level}a";
        }

        var e = Assert.Throws<CheckpointException>(() => TorchCheckpointReader.Read(Archive($"\u0080\u0002{body}.")));
        Assert.Contains("repeated too often", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 0, "K\u0005\u0085", "K\u0001\u0085", "beyond storage 0")]
    [InlineData(4, 1, "K\u0004\u0085", "K\u0001\u0085", "beyond storage 0")]
    [InlineData(4, 0, "K\u0002K\u0002\u0086", "K\u0003K\u0001\u0086", "beyond storage 0")]
    [InlineData(4, 0, "K\u0010\u0085", "K\0\u0085", "repeats the 4 elements")]
    [InlineData(4, 0, "K\u0002K\u0002\u0086", "K\u0001\u0085", "2 sizes and 1 strides")]
    [InlineData(4, 0, "J\u00FF\u00FF\u00FF\u00FF\u0085", "K\u0001\u0085", "negative")]
    [InlineData(4, 0, "J\u00FF\u00FF\u00FF\u007FJ\u00FF\u00FF\u00FF\u007FJ\u00FF\u00FF\u00FF\u007F\u0087",
        "K\u0001K\u0001K\u0001\u0087", "overflows")]
    [InlineData(5, 0, "K\u0001\u0085", "K\u0001\u0085", "has 16 bytes, but 20 are declared")]
    public void Read_TensorThatDoesNotFitItsStorage_IsRefused(
        int count, int offset, string shape, string stride, string expected)
    {
        string pickle = "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\n"
            + $"X\u0001\0\0\00X\u0003\0\0\0cpuK{(char)count}tQK{(char)offset}{shape}{stride}\u0089Nt" + "R.";

        var e = Assert.Throws<CheckpointException>(() => TorchStateDict.Open(Archive(pickle, new byte[16])));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UntypedStorage_WidensFloat8()
    {
        string pickle = "\u0080\u0002}X\u0001\0\0\0fctorch._utils\n_rebuild_tensor_v3\n((X\u0007\0\0\0storage"
            + "ctorch.storage\nUntypedStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0002tQ"
            + "K\0K\u0002\u0085K\u0001\u0085\u0089ccollections\nOrderedDict\n)Rctorch\nfloat8_e4m3fn\ntRs.";
        using var source = TorchStateDict.Open(Archive(pickle, 0x38, 0xB8));
        using var values = source.Read("f");

        Assert.Equal("F8_E4M3", source.Tensors["f"].DataType);
        Assert.Equal([1, -1], values.data<float>().ToArray());
    }

    [Fact]
    public void Open_DeflatedStorages_ReadsThem()
    {
        using var nothing = zeros(1000);
        string stored = _folder.Of("stored.pt");
        TorchCheckpointWriter.Write(stored, new Dictionary<string, object?> { ["z"] = nothing });
        string deflated = _folder.Of("deflated.pt");
        using (var source = ZipFile.OpenRead(stored))
        using (var target = ZipFile.Open(deflated, ZipArchiveMode.Create))
        {
            foreach (var entry in source.Entries)
            {
                using var from = entry.Open();
                using var to = target.CreateEntry(entry.FullName, CompressionLevel.SmallestSize).Open();
                from.CopyTo(to);
            }
        }

        using var read = TorchStateDict.Open(deflated);
        using var z = read.Read("z");
        Assert.True(new FileInfo(deflated).Length < 1000);
        Assert.True(z.Equals(nothing));
    }

    [Theory]
    [InlineData("no/data.txt", "0 entries")]
    [InlineData("data.pkl", "0 entries")]
    public void Open_OtherZip_Fails(string entry, string expected)
    {
        string path = _folder.Of("other.zip");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            zip.CreateEntry(entry);
        }

        Assert.Contains(
            expected,
            Assert.Throws<CheckpointException>(() => TorchStateDict.Open(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BigEndian_Fails()
    {
        string path = Archive("\u0080\u0002}.");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            using var order = new StreamWriter(zip.CreateEntry("x/byteorder").Open());
            order.Write("big");
        }

        Assert.Contains(
            "big-endian",
            Assert.Throws<CheckpointException>(() => TorchStateDict.Open(path)).Message,
            StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, object?> Dictionary(object? value) =>
        Assert.IsType<IReadOnlyDictionary<string, object?>>(value, exactMatch: false);

    private static IEnumerable<(string Name, Tensor Value)> Flatten(string prefix, object? value) => value switch
    {
        Tensor tensor => [(prefix, tensor)],
        IReadOnlyDictionary<string, object?> map => map.SelectMany(pair => Flatten(Join(prefix, pair.Key), pair.Value)),
        IReadOnlyList<object?> list => list.SelectMany((item, i) => Flatten(Join(prefix, $"{i}"), item)),
        _ => [],
    };

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";

    /// <summary>A checkpoint with a pickle given in Latin-1 and one storage.</summary>
    private string Archive(string pickle, params byte[] storage)
    {
        string path = _folder.Of("x.pt");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        (string, byte[])[] entries = [("x/data.pkl", Encoding.Latin1.GetBytes(pickle)), ("x/data/0", storage)];
        foreach (var (name, content) in entries)
        {
            using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }

        return path;
    }
}
