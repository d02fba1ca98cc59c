using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hypercompress.Artifacts;

namespace Hypercompress.Fuzz;

/// <summary>Makes lengths and checksums of mutated files right, so that mutations get beyond the first check.</summary>
internal static class Seals
{
    private const string StatisticsStart = "\"book\":";
    private const string Pickle = "archive/data.pkl";

    private static readonly JsonSerializerOptions SnakeCase =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The header of a safetensors file.</summary>
    public static byte[] SafetensorsHeader(byte[] file) =>
        file[sizeof(long)..(sizeof(long) + (int)BinaryPrimitives.ReadInt64LittleEndian(file))];

    /// <summary>A safetensors file with a header.</summary>
    public static byte[] SafetensorsFile(byte[] header, byte[] original)
    {
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. original[(sizeof(long) + SafetensorsHeader(original).Length)..]];
    }

    /// <summary>The book of a statistics file.</summary>
    public static byte[] StatisticsBook(byte[] file)
    {
        string text = Encoding.UTF8.GetString(file).TrimEnd();
        int start = text.IndexOf(StatisticsStart, StringComparison.Ordinal);
        return start < 0 ? file : Encoding.UTF8.GetBytes(text[(start + StatisticsStart.Length)..^1]);
    }

    /// <summary>A statistics file with a book.</summary>
    public static byte[] StatisticsFile(byte[] book) => Encoding.UTF8.GetBytes(
        $"{{\"version\":1,\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(book))}\",\"book\":{Encoding.UTF8.GetString(book)}}}\n");

    /// <summary>A manifest with the digest that it should have; as it is where it is not JSON.</summary>
    public static byte[] Manifest(byte[] file)
    {
        string folder = Directory.CreateTempSubdirectory("fuzz-seal-").FullName;
        try
        {
            JsonSerializer.Deserialize<ArtifactManifest>(file, SnakeCase)?.Write(folder);
            return File.ReadAllBytes(Path.Combine(folder, ArtifactManifest.FileName));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return file;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The pickle of a PyTorch file.</summary>
    public static byte[] TorchPickle(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        using Stream entry = zip.Entries.First(entry => entry.Name == "data.pkl").Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>A PyTorch file with a pickle.</summary>
    public static byte[] TorchFile(byte[] pickle)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, Pickle, pickle);
            Add(zip, "archive/data/0", new byte[24]);
            Add(zip, "archive/data/1", new byte[8]);
            Add(zip, "archive/version", "3\n"u8.ToArray());
        }

        return file.ToArray();
    }

    /// <summary>A text in a gzip file.</summary>
    public static byte[] Gzip(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(text);
        }

        return packed.ToArray();
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }
}
