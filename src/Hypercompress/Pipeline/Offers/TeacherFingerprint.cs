using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;

namespace Hypercompress.Pipeline.Offers;

/// <summary>
/// Recognises a model: its configuration, the names, types and shapes of its tensors, and every byte of its files.
/// </summary>
internal static class TeacherFingerprint
{
    private const int BufferBytes = 4 << 20;
    private static readonly string[] Extensions = [".safetensors", ".bin", ".gguf", ".json", ".model", ".txt"];

    /// <summary>The fingerprint of a model.</summary>
    /// <param name="package">Its files.</param>
    /// <returns>A hash.</returns>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    public static string Of(ModelPackage package)
    {
        var hash = new XxHash128();
        Add(hash, package.Config.ToJsonString());
        foreach ((string name, TensorInfo tensor) in package.Tensors.Tensors.OrderBy(
            pair => pair.Key, StringComparer.Ordinal))
        {
            Add(hash, $"{name} {tensor.DataType} [{string.Join(", ", tensor.Shape)}]");
        }

        foreach (string file in Files(package))
        {
            Add(hash, Path.GetFileName(file));
            AddContent(hash, file);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Add(XxHash128 hash, string text) => hash.Append(Encoding.UTF8.GetBytes(text + "\n"));

    // Those of an adapter's base lie elsewhere.
    private static IEnumerable<string> Files(ModelPackage package) => package.Tensors.Tensors.Values
        .Select(tensor => Path.GetFullPath(tensor.File))
        .Where(File.Exists)
        .Concat(FilesAt(package.Location))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> FilesAt(string location) => Directory.Exists(location)
        ? Directory.EnumerateFiles(location)
            .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Select(Path.GetFullPath)
        : [Path.GetFullPath(location)];

    private static void AddContent(XxHash128 hash, string file)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
            {
                hash.Append(buffer.AsSpan(0, count));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, ReadFault.Describe(file, fault), fault);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
