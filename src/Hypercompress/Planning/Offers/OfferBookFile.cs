using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;
using Hypercompress.Settings;

namespace Hypercompress.Planning.Offers;

/// <summary>
/// An offer book as a file: written whole or not at all, and refused when it is damaged or was made from other inputs.
/// </summary>
public static class OfferBookFile
{
    private const int Version = 1;
    private const long SizeLimit = 1 << 30;
    private const string Remedy = "delete it to have it made anew, or name another file";

    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Writes a book.</summary>
    /// <param name="book">The book.</param>
    /// <param name="path">Where to; replaced when it exists.</param>
    public static void Write(OfferBook book, string path)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string body = JsonSerializer.Serialize(book, Layout);
        AtomicFile.WriteText(path, $"{{\"version\":{Version},\"sha256\":\"{Hash(body)}\",\"book\":{body}}}\n");
    }

    /// <summary>Checks, before any work, that a book can be written, and makes its folder.</summary>
    /// <param name="path">Where it will be written.</param>
    /// <exception cref="ConfigurationException">No file can be written there.</exception>
    public static void CheckWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new ConfigurationException(
                $"{path}: statistics are written to a file, and this is a folder; name a file in it");
        }

        if (WritableFolder.FaultOfMade(Path.GetDirectoryName(Path.GetFullPath(path))!) is { } fault)
        {
            throw new ConfigurationException(
                $"{path}: statistics cannot be written there ({fault.Message}); name a file in a folder that "
                + "can be written to",
                fault);
        }
    }

    /// <summary>Reads a book that was made from certain inputs.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">The inputs that it must have been made from.</param>
    /// <returns>The book.</returns>
    /// <exception cref="CheckpointException">The file cannot be read or was changed.</exception>
    /// <exception cref="ConfigurationException">It was made from other inputs.</exception>
    public static OfferBook Read(string path, IReadOnlyDictionary<string, string> origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        OfferBook book = Read(path);
        string[] differing = [.. Differing(origin, book.Origin)];
        return differing.Length == 0
            ? book
            : throw new ConfigurationException(
                $"{path}: was made with another {string.Join(", another ", differing)}: {Remedy}");
    }

    /// <summary>The inputs that something was not made from.</summary>
    /// <param name="wanted">Hashes of the inputs that it must have been made from, by name.</param>
    /// <param name="found">Hashes of those that it was made from.</param>
    /// <returns>Their names; none where it can be used.</returns>
    internal static IEnumerable<string> Differing(
        IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> found) =>
        wanted.Where(part => found.GetValueOrDefault(part.Key) != part.Value).Select(part => part.Key);

    private static OfferBook Read(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            Require(length <= SizeLimit, path, $"has {length} bytes; statistics have at most {SizeLimit}");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement top = document.RootElement;
            Require(
                top.ValueKind == JsonValueKind.Object && top.TryGetProperty("version", out JsonElement version)
                    && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number)
                    && number == Version,
                path,
                $"is not a statistics file of version {Version}");
            string body = top.TryGetProperty("book", out JsonElement book) ? book.GetRawText() : string.Empty;
            Require(
                top.TryGetProperty("sha256", out JsonElement hash) && hash.ValueKind == JsonValueKind.String
                    && hash.GetString() == Hash(body),
                path,
                "its content was changed after it was written: the hash differs");
            OfferBook read = JsonSerializer.Deserialize<OfferBook>(body, Layout)
                ?? throw new JsonException("the book is null");
            Require(OfferBookSoundness.Holds(read), path, "holds numbers that no measurement gives");
            return read;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Text with half a surrogate pair is an invalid operation to the reader.
            throw new CheckpointException(
                path, $"is not a statistics file: {JsonFault.Describe(fault)}; {Remedy}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, ReadFault.Describe(path, fault), fault);
        }
    }

    private static void Require(bool holds, string path, string problem)
    {
        if (!holds)
        {
            throw new CheckpointException(path, $"{problem}; {Remedy}");
        }
    }

    private static string Hash(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
