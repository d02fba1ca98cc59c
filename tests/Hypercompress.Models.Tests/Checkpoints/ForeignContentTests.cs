using System.IO.Compression;
using System.Text;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;

namespace Hypercompress.Models.Tests.Checkpoints;

/// <summary>Other things under the names of model files are called what they are.</summary>
public sealed class ForeignContentTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public static TheoryData<string, string> Contents => new()
    {
        { "pointer", "is a pointer of Git LFS" },
        { "page", "is a web page" },
        { "gzip", "is a gzip archive" },
        { "xz", "is a xz archive" },
        { "zstd", "is a zstd archive" },
        { "tar", "is a tar archive" },
        { "rar", "is a RAR archive" },
        { "xml", "is a web page" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Contents))]
    public void Open_OtherContent_IsNamed(string content, string expected)
    {
        byte[] bytes = Content(content);
        Fails(expected, "model.safetensors", bytes, SafetensorsFile.Open);
        Fails(expected, "model.gguf", bytes, GgufFile.Open);
        Fails(expected, "pytorch_model.bin", bytes, TorchStateDict.Open);
        Fails(expected, "model.safetensors.index.json", bytes, ShardedCheckpoint.Open);
        Fails(expected, "config.json", bytes, _ => ModelPackage.Open(_folder.Path));
        File.Delete(_folder.Of("config.json"));
        File.Delete(_folder.Of("model.gguf"));
        Fails(expected, "tokenizer.json", bytes, PackagedTokenizer.Open);
        File.Delete(_folder.Of("tokenizer.json"));
        Fails(expected, "tokenizer.model", bytes, PackagedTokenizer.Open);
    }

    [Fact]
    public void Open_MessageOfServerInPlaceOfWeights_IsShown()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("""{"error": "Repository not found"}""");
        const string Expected = "perhaps the error message of a server: {\"error\": \"Repository not found\"}";
        Fails(Expected, "model.safetensors", bytes, SafetensorsFile.Open);
        Fails(Expected, "model.gguf", bytes, GgufFile.Open);
        Fails(Expected, "pytorch_model.bin", bytes, TorchStateDict.Open);
        Fails("the message of a server and not the file: Repository not found", "config.json", bytes, _ =>
            ModelPackage.Open(_folder.Path));
    }

    [Fact]
    public void Open_WeightsOfAnotherFormat_AreNamed()
    {
        Fails("is a GGUF file", "model.safetensors", new GgufBytes().Make(), SafetensorsFile.Open);
        Fails("is a pickle", "model.safetensors", LegacyTorchFile.Make(), SafetensorsFile.Open);
        Fails("is a zip archive", "model.safetensors", Content("zip"), SafetensorsFile.Open);
        Fails("is a safetensors file", "model.gguf", SafetensorsBytes.Make("{}"), GgufFile.Open);
        Fails("is a safetensors file", "pytorch_model.bin", SafetensorsBytes.Make("{}"), TorchStateDict.Open);
        Fails("if it holds the files of a model, unpack it", "pytorch_model.bin", Content("zip"), TorchStateDict.Open);
    }

    [Fact]
    public void Open_EmptyFile_SaysSo()
    {
        Fails("is empty", "model.safetensors", [], SafetensorsFile.Open);
        Fails("is empty", "model.gguf", [], GgufFile.Open);
        Fails("is empty", "pytorch_model.bin", [], TorchStateDict.Open);
        Fails("is empty", "config.json", [], _ => ModelPackage.Open(_folder.Path));
    }

    private static byte[] Content(string kind) => kind switch
    {
        "pointer" => Encoding.ASCII.GetBytes(
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32\nsize "
                + "12345\n"),
        "page" => Encoding.ASCII.GetBytes("\n<!DOCTYPE html><html><head><title>Sign in</title></head></html>"),
        "gzip" => Compressed(stream => new GZipStream(stream, CompressionLevel.Fastest)),
        "xz" => [0xFD, .. "7zXZ"u8, 0, 0, 4, .. new byte[20]],
        "zstd" => [0x28, 0xB5, 0x2F, 0xFD, .. new byte[20]],
        "rar" => [.. "Rar!"u8, 0x1A, 7, 1, 0, .. new byte[20]],
        "xml" => [0xEF, 0xBB, 0xBF, .. "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"u8],
        "tar" => [.. "config.json"u8, .. new byte[246], .. "ustar"u8, .. new byte[250]],
        _ => Zip(),
    };

    private static byte[] Compressed(Func<Stream, Stream> wrap)
    {
        using var target = new MemoryStream();
        using (Stream stream = wrap(target))
        {
            stream.Write("some weights"u8);
        }

        return target.ToArray();
    }

    private static byte[] Zip()
    {
        using var target = new MemoryStream();
        using (var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry("model.safetensors").Open();
            entry.Write("some weights"u8);
        }

        return target.ToArray();
    }

    private void Fails(string expected, string name, byte[] content, Func<string, object> open)
    {
        string path = _folder.Write(name, content);
        var e = Assert.Throws<CheckpointException>(() => open(path));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Equal((path, 3), (e.File, e.ExitCode));
    }
}
