using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Packages;

namespace Hypercompress.Pipeline.Offers;

/// <summary>
/// Recognises a model without reading all of its weights: its configuration, the names, types and shapes of its
/// tensors, and the
/// length and evenly spaced samples of each of its files.
/// </summary>
internal static class TeacherFingerprint
{
    private const int Samples = 64;
    private const int SampleBytes = 4096;
    private static readonly string[] Extensions = [".safetensors", ".bin", ".gguf", ".json", ".model", ".txt"];

    /// <summary>The fingerprint of a model.</summary>
    /// <param name="package">Its files.</param>
    /// <returns>A hash.</returns>
    public static string Of(ModelPackage package)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, package.Config.ToJsonString());
        foreach ((string name, TensorInfo tensor) in package.Tensors.Tensors.OrderBy(
            pair => pair.Key, StringComparer.Ordinal))
        {
            Add(hash, $"{name} {tensor.DataType} [{string.Join(", ", tensor.Shape)}]");
        }

        foreach (string file in Files(package.Location))
        {
            AddSamples(hash, file);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));

    private static IEnumerable<string> Files(string location) => File.Exists(location)
        ? [location]
        : Directory.EnumerateFiles(location)
            .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);

    private static void AddSamples(IncrementalHash hash, string file)
    {
        using FileStream stream = File.OpenRead(file);
        Add(hash, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} {stream.Length}"));
        byte[] buffer = new byte[SampleBytes];
        long last = Math.Max(0, stream.Length - SampleBytes);
        for (int sample = 0; sample < Samples; sample++)
        {
            stream.Position = last / (Samples - 1) * sample;
            hash.AppendData(buffer.AsSpan(0, stream.ReadAtLeast(buffer, SampleBytes, throwOnEndOfStream: false)));
        }
    }
}
