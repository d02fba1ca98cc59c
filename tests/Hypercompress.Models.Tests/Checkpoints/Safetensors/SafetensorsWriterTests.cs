using System.Text;
using System.Text.Json;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Checkpoints.Safetensors;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_MixedTypes_OrdersWidestFirstAndPads()
    {
        string path = _folder.Of("m.safetensors");
        using var scope = NewDisposeScope();

        long bytes = SafetensorsWriter.Write(
            path,
            [
                new KeyValuePair<string, Tensor>("a", tensor(new byte[] { 1, 2, 3 })),
                new("c", tensor(new long[] { 5 })),
                new("b", tensor(new long[] { 4 })),
                new("h", tensor(1.5f).to(ScalarType.Float16)),
            ],
            new Dictionary<string, string> { ["note"] = "x" });

        byte[] written = File.ReadAllBytes(path);
        int length = (int)BitConverter.ToUInt64(written);
        Assert.Equal(21, bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(8 + length + 21, written.Length);
        Assert.Equal(
            """
            {"__metadata__":{"format":"pt","note":"x"},
            "b":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},
            "c":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},
            "h":{"dtype":"F16","shape":[],"data_offsets":[16,18]},
            "a":{"dtype":"U8","shape":[3],"data_offsets":[18,21]}}
            """.Replace("\n", "", StringComparison.Ordinal),
            Encoding.UTF8.GetString(written, 8, length).TrimEnd(' '));
        Assert.Equal([4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0x3E, 1, 2, 3], written[(8 + length)..]);
        Assert.Equal(path, Assert.Single(Directory.GetFiles(_folder.Path)));
    }

    [Fact]
    public void Write_TransposedView_StoresItRowMajorAndLeavesItAlive()
    {
        string path = _folder.Of("m.safetensors");
        using var values = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        using var transposed = values.t();

        SafetensorsWriter.Write(path, [new KeyValuePair<string, Tensor>("t", transposed)]);

        using var file = SafetensorsFile.Open(path);
        using var read = file.Read("t");
        Assert.Equal([3L, 2L], read.shape);
        Assert.Equal([0, 3, 1, 4, 2, 5], read.data<float>().ToArray());
        Assert.Equal([3L, 2L], transposed.shape);
    }

    [Fact]
    public void Write_LazyTensors_HoldsOneAtATimeAndLeaksNone()
    {
        long before = TensorLeaks.Alive();
        long most = 0;
        TensorToWrite Lazy(string name) => new(name, ScalarType.Float32, [1000], () =>
        {
            var made = zeros(1000);
            most = Math.Max(most, TensorLeaks.Alive() - before);
            return made;
        });

        SafetensorsWriter.Write(_folder.Of("m.safetensors"), [Lazy("a"), Lazy("b"), Lazy("c")]);

        Assert.Equal(1, most);
        Assert.Equal(before, TensorLeaks.Alive());
    }

    [Fact]
    public void Write_ProducerFails_KeepsTheOldFileAndNoRest()
    {
        string path = _folder.Write("m.safetensors", [1, 2, 3]);
        TensorToWrite wrong = new("a", ScalarType.Float32, [2], () => zeros(3));

        var e = Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(path, [wrong]));

        Assert.Contains("'a' was declared Float32 [2], but Float32 [3]", e.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.Path))));
    }

    [Theory]
    [InlineData("__metadata__", "b", "note")]
    [InlineData("b", "b", "note")]
    [InlineData("a", "b", "format")]
    public void Write_ReservedOrRepeatedNames_Throws(string first, string second, string key)
    {
        TensorToWrite Make(string name) => new(name, ScalarType.Float32, [1], () => zeros(1));

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(
            _folder.Of("m.safetensors"),
            [Make(first), Make(second)],
            new Dictionary<string, string> { [key] = "x" }));
    }

    [Fact]
    public void Write_ComplexTensor_Throws()
    {
        using var complex = zeros(1, dtype: ScalarType.ComplexFloat32);

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(
            _folder.Of("m.safetensors"), [new KeyValuePair<string, Tensor>("c", complex)]));
    }

    [Fact]
    public void WriteSharded_OverTheLimit_SplitsAndReadsBack()
    {
        using var scope = NewDisposeScope();
        TensorToWrite[] tensors =
        [
            .. Enumerable.Range(0, 5).Select(
                i => TensorToWrite.From($"t{i}", full([2, 2], i, dtype: ScalarType.Float32))),
        ];
        _folder.Write("model.safetensors", [0]);

        long bytes = SafetensorsWriter.WriteSharded(_folder.Path, tensors, maximumShardBytes: 40);

        Assert.Equal(80, bytes);
        Assert.Equal(
            ["model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors",
                "model.safetensors.index.json"],
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var index = JsonDocument.Parse(File.ReadAllBytes(_folder.Of("model.safetensors.index.json")));
        Assert.Equal(80, index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
        Assert.Equal(
            "model-00002-of-00003.safetensors",
            index.RootElement.GetProperty("weight_map").GetProperty("t2").GetString());
        using var source = CheckpointFolder.Open(_folder.Path);
        Assert.Equal(5, source.Tensors.Count);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal([i, i, i, i], source.Read($"t{i}").data<float>().ToArray());
        }
    }

    [Fact]
    public void WriteSharded_FitsIntoOne_WritesNoIndexAndRemovesAnOldOne()
    {
        _folder.Write("model.safetensors.index.json", [0]);

        SafetensorsWriter.WriteSharded(_folder.Path, [new("a", ScalarType.Float32, [1], () => zeros(1))]);

        Assert.Equal(_folder.Of("model.safetensors"), Assert.Single(Directory.GetFiles(_folder.Path)));
    }

    [Fact]
    public void Read_AfterWrite_KeepsEveryValue()
    {
        string source = SharedFiles.Require("models/tinystories-656k-hf/model.safetensors");
        string copy = _folder.Of("copy.safetensors");
        using var original = SafetensorsFile.Open(source);

        long bytes = SafetensorsWriter.Write(
            copy,
            [.. original.Tensors.Values.Select(info => new TensorToWrite(
                info.Name, ScalarType.Float32, info.Shape, () => original.Read(info.Name)))]);

        Assert.Equal(original.Tensors.Values.Sum(info => info.ByteLength), bytes);
        using var written = SafetensorsFile.Open(copy);
        Assert.Equal(original.Tensors.Count, written.Tensors.Count);
        foreach (string name in original.Tensors.Keys)
        {
            using var first = original.Read(name);
            using var second = written.Read(name);
            Assert.True(first.Equals(second), name);
        }
    }

    [Fact]
    public void Open_FolderWithoutWeights_NamesWhatWasLookedFor()
    {
        var e = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder.Path));

        Assert.Contains(
            "model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json",
            e.Message,
            StringComparison.Ordinal);
    }
}
