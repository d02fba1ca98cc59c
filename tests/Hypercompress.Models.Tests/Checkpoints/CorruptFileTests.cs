using CsCheck;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Checkpoints;

/// <summary>Whatever is done to a file, reading it ends in values or in a <see cref="CheckpointException"/>.</summary>
public sealed class CorruptFileTests : IDisposable
{
    private const int Iterations = 2000;

    // Room for buffers and parsed objects; far below what an unchecked length asks for.
    private const long ManagedAllowance = 4 << 20;
    private const long LargestExpansion = 16;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Safetensors_Mutated_IsReadOrRefused() => Check(
        SafetensorsBytes.Make(
            """
            {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
            "b":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[24,28]},
            "c":{"dtype":"U64","shape":[],"data_offsets":[28,36]}}
            """,
            new byte[36]),
        SafetensorsFile.Open);

    [Fact]
    public void Gguf_Mutated_IsReadOrRefused() => Check(
        new GgufBytes()
            .Pair("general.architecture", "llama")
            .Pair("general.alignment", 4, 32, 0, 0, 0)
            .Pair("tokens", 9, GgufBytes.List(8, 2, [.. GgufBytes.Text("a"), .. GgufBytes.Text("bc")]))
            .Pair("sizes", 9, GgufBytes.List(4, 2, 1, 0, 0, 0, 2, 0, 0, 0))
            .Tensor("w", 2, [32, 2], new byte[36])
            .Tensor("k", 13, [256], new byte[176])
            .Tensor("f", 0, [2], new byte[8])
            .Make(),
        GgufFile.Open);

    [Fact]
    public void Torch_Mutated_IsReadOrRefused() => Check(TorchFile(), TorchStateDict.Open);

    [Fact]
    public void TorchLegacy_Mutated_IsReadOrRefused() => Check(LegacyTorchFile.Make(), TorchStateDict.Open);

    [Fact]
    public void TorchWhole_Mutated_IsReadOrRefused()
    {
        byte[] original = TorchFile();
        ForEachMutation(original, path =>
        {
            using var checkpoint = TorchCheckpointReader.Read(path);
        });
    }

    [Fact]
    public void TorchPickle_Mutated_IsReadOrRefused()
    {
        // The pickle alone: in the whole file most mutations would hit something else.
        byte[] original = TorchFile();
        int start = original.AsSpan().IndexOf("\u0002}("u8) - 1;
        int end = original.AsSpan().IndexOf("archive/byteorder"u8);
        ForEachMutation(original[start..end], path => AllowRefusal(path, () =>
        {
            try
            {
                using var stream = File.OpenRead(path);
                PickleMachine.Run(stream, new MemoryBudget(stream.Length));
            }
            catch (PickleException e)
            {
                throw new CheckpointException(path, e.Message, e);
            }
        }));
    }

    [Fact]
    public void Index_Mutated_IsReadOrRefused()
    {
        _folder.Write("s.safetensors", SafetensorsBytes.Make("{}"));
        ForEachMutation(
            [.. """{"metadata":{"total_size":0},"weight_map":{"a":"s.safetensors","b":"s.safetensors"}}"""u8],
            path =>
            {
                using var source = ShardedCheckpoint.Open(path);
            });
    }

    private byte[] TorchFile()
    {
        using var scope = NewDisposeScope();
        string path = _folder.Of("original.pt");
        var weight = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        TorchCheckpointWriter.Write(path, new Dictionary<string, object?>
        {
            ["w"] = weight,
            ["tied"] = weight,
            ["list"] = new object?[] { 1, 70000, "x", null, true, 0.5, ones(3, dtype: ScalarType.Int8) },
        });
        return File.ReadAllBytes(path);
    }

    private void Check(byte[] original, Func<string, ITensorSource> open) => ForEachMutation(original, path =>
    {
        using var source = open(path);
        long bytes = 0;
        foreach (string name in source.Tensors.Keys)
        {
            AllowRefusal(path, () =>
            {
                using var tensor = source.Read(name);
                Assert.Equal(source.Tensors[name].Shape, tensor.shape);
                bytes += tensor.numel() * tensor.element_size();
            });
        }

        Assert.InRange(bytes, 0, LargestExpansion * new FileInfo(path).Length);
    });

    private void ForEachMutation(byte[] original, Action<string> read)
    {
        var mutation = Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte, Gen.Int[0, 5]);
        var mutations = Gen.Select(mutation.Array[1, 4], Gen.Int[0, 9], Gen.Int[0, original.Length]);
        var random = new PCG(1, 20251123);
        string path = _folder.Of("mutated.bin");
        AllowRefusal(path, () => read(_folder.Write("mutated.bin", original)));
        for (int i = 0; i < Iterations; i++)
        {
            var (changes, cut, length) = mutations.Generate(random, null, out _);
            byte[] mutated = [.. original];
            foreach (var (at, value, kind) in changes)
            {
                mutated[at] = Change(mutated[at], value, kind);
            }

            _folder.Write("mutated.bin", cut == 0 ? mutated[..length] : mutated);
            long before = GC.GetAllocatedBytesForCurrentThread();
            AllowRefusal(path, () => read(path));
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.InRange(allocated, 0, ManagedAllowance + (2 * original.Length));
        }
    }

    /// <summary>Random bytes seldom reach the checks of numbers; extreme ones and neighbours do.</summary>
    private static byte Change(byte old, byte value, int kind) => kind switch
    {
        0 => 0,
        1 => 0xFF,
        2 => (byte)(old + 1),
        3 => (byte)(old ^ (1 << (value % 8))),
        _ => value,
    };

    private static void AllowRefusal(string path, Action action)
    {
        try
        {
            action();
        }
        catch (CheckpointException e)
        {
            // An index may name other files beside it, and nothing elsewhere.
            Assert.Equal(Path.GetDirectoryName(path), Path.GetDirectoryName(e.File));
        }
    }
}
