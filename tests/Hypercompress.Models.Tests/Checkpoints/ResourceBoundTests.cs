using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;

namespace Hypercompress.Models.Tests.Checkpoints;

/// <summary>
/// Files that are made to cost far more than their size: reading them ends soon, and within their size.
/// </summary>
[Collection(nameof(ResourceBoundTests))]
[CollectionDefinition(nameof(ResourceBoundTests), DisableParallelization = true)]
public sealed class ResourceBoundTests : IDisposable
{
    private const long Allowance = 64L << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("]", 50_000_000)]
    [InlineData("}", 30_000_000)]
    [InlineData("K\u0001", 20_000_000)]
    [InlineData("(", 30_000_000)]
    [InlineData("]q\u0001", 10_000_000)]
    [InlineData("ccollections\nOrderedDict\n)R", 500_000)]
    public void TorchZip_PickleThatCompressesWell_IsRefused(string repeated, int times)
    {
        byte[] path = Zip(("a/data.pkl", Pickle("", repeated, times, ".")));
        Assert.InRange(path.Length, 1, 500_000);
        IsBounded("x.bin", path, Open);
    }

    [Fact]
    public void TorchZip_ListThatIsRepeated_IsRefused()
    {
        // Ten lists of ten of the one before: 10^9 values from 300 bytes.
        var pickle = new StringBuilder("\u0080\u0002]q\0");
        for (int level = 1; level < 10; level++)
        {
            pickle.Append("](").Append(string.Concat(Enumerable.Repeat($"h{(char)(level - 1)}", 10)))
                .Append("eq").Append((char)level);
        }

        byte[] bytes = Encoding.Latin1.GetBytes(pickle.Append('.').ToString());
        IsBounded("x.bin", Zip(("a/data.pkl", bytes)), Open);
    }

    [Fact]
    public void TorchZip_DictionaryOfPairsThatIsMadeAgain_IsRefused()
    {
        byte[] pickle = Pickle(
            "]q\0(" + string.Concat(Enumerable.Repeat("K\u0001K\u0002\u0086", 20_000))
                + "e0ccollections\nOrderedDict\nq\u0001",
            "h\u0001h\0\u0085R",
            100_000,
            ".");
        IsBounded("x.bin", Zip(("a/data.pkl", pickle)), Open);
    }

    [Fact]
    public void TorchZip_LongKeyThatIsSetAgain_IsRefused()
    {
        string key = "X\u0040\u004B\u004C\0" + new string('k', 5_000_000);
        byte[] pickle = Pickle(key + "q\0}", "h\0Ns", 1_000_000, ".");
        IsBounded("x.bin", Zip(("a/data.pkl", pickle)), Open);
    }

    [Fact]
    public void TorchLegacy_PickleOfLists_IsBounded()
    {
        byte[] legacy = LegacyTorchFile.Make();
        int start = legacy.AsSpan(15).IndexOf((byte)0x80) + 15;
        IsBounded("x.bin", [.. legacy[..start], .. Pickle("", "]", 40_000_000, ".")], Open);
    }

    [Fact]
    public void TorchZip_EntriesOfGrownSize_AreRefused() =>
        IsBounded("x.bin", Zip(("a/data.pkl", Pickle("", "N", 1, ".")), ("a/data/0", new byte[400_000_000])), Open);

    [Fact]
    public void TorchZip_ManyEntries_AreRefused() => IsBounded(
        "x.bin", Zip([.. Enumerable.Range(0, 200_000).Select(i => ($"{i}", Array.Empty<byte>()))]), Open);

    [Fact]
    public void Safetensors_MillionsOfTensors_AreRefused()
    {
        var header = new StringBuilder("{");
        for (int i = 0; i < 1_300_000; i++)
        {
            header.Append(i == 0 ? "" : ",").Append($$"""
                "{{i}}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}
                """);
        }

        byte[] bytes = SafetensorsBytes.Make(header.Append('}').ToString());
        IsBounded("x.safetensors", bytes, path => SafetensorsFile.Open(path).Dispose());
    }

    [Fact]
    public void Index_MillionsOfTensors_AreRefused()
    {
        string names = string.Join(',', Enumerable.Range(0, 1_500_000).Select(i => $"\"{i}\":\"s.safetensors\""));
        IsBounded(
            "model.safetensors.index.json",
            Encoding.ASCII.GetBytes("{\"weight_map\":{" + names + "}}"),
            path => ShardedCheckpoint.Open(path).Dispose());
    }

    [Fact]
    public void Gguf_ListOfShortTexts_IsRefused() => IsBounded(
        "x.gguf",
        new GgufBytes()
            .Pair("k", 9, GgufBytes.List(8, 8_000_000, Repeated([1, 0, 0, 0, 0, 0, 0, 0, 65], 8_000_000))).Make(),
        path => GgufFile.Open(path).Dispose());

    [Fact]
    public void Gguf_MillionsOfTensorsOrPairs_AreRefused()
    {
        byte[] head = new GgufBytes { TensorCount = 2_000_000 }.Make();
        byte[] tensors =
        [
            .. Enumerable.Range(0, 2_000_000).SelectMany(i => (byte[])
                [4, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(0x20202020 + i), 0, 0, 0, 0, 24, 0, 0, 0,
                    .. new byte[8]]),
        ];
        IsBounded("x.gguf", [.. head, .. tensors], path => GgufFile.Open(path).Dispose());
    }

    [Fact]
    public void Config_LargeFile_IsRefused()
    {
        string config = "{\"eos_token_id\":[" + string.Join(',', Enumerable.Repeat("1", 20_000_000)) + "]}";
        IsBounded("config.json", Encoding.ASCII.GetBytes(config), _ => ModelPackage.Open(_folder.Path).Dispose());
    }

    [Fact]
    public void Config_LargestListOfTokens_IsBounded()
    {
        string config = "{\"model_type\":\"llama\",\"eos_token_id\":["
            + string.Join(',', Enumerable.Repeat("1", 520_000)) + "]}";
        File.WriteAllBytes(_folder.Of("model.safetensors"), SafetensorsBytes.Make("{}"));
        IsBounded("config.json", Encoding.ASCII.GetBytes(config), _ =>
        {
            using ModelPackage package = ModelPackage.Open(_folder.Path);
            package.ReadDecoderConfig();
        });
    }

    private static void Open(string path) => TorchStateDict.Open(path).Dispose();

    private static byte[] Pickle(string before, string repeated, int times, string after) =>
    [
        0x80, 2, .. Encoding.Latin1.GetBytes(before), .. Repeated(Encoding.Latin1.GetBytes(repeated), times),
        .. Encoding.Latin1.GetBytes(after),
    ];

    private static byte[] Repeated(byte[] part, int times)
    {
        byte[] whole = new byte[part.Length * times];
        for (int i = 0; i < times; i++)
        {
            part.CopyTo(whole, i * part.Length);
        }

        return whole;
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var target = new MemoryStream();
        using (var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        return target.ToArray();
    }

    /// <summary>Reads a file that must be refused, or whose content must be small.</summary>
    private void IsBounded(string name, byte[] content, Action<string> read)
    {
        string path = _folder.Write(name, content);
        long allowed = (2L * content.Length) + Allowance;
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Record.Exception(() => read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, allowed);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Longest);
        Assert.True(e is null or CheckpointException, e?.ToString());
    }
}
