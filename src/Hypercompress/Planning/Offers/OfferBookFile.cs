using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json;
using System.Text;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;

namespace Hypercompress.Planning.Offers;

/// <summary>An offer book as a file: written whole or not at all, and recognised when it is damaged or of something else.</summary>
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
        string staged = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            File.WriteAllText(staged, $"{{\"version\":{Version},\"sha256\":\"{Hash(body)}\",\"book\":{body}}}\n");
            File.Move(staged, path, overwrite: true);
        }
        finally
        {
            File.Delete(staged);
        }
    }

    /// <summary>Checks, before any work, that a book can be written; leaves nothing behind.</summary>
    /// <param name="path">Where it will be written.</param>
    /// <exception cref="ConfigurationException">No file can be written there.</exception>
    public static void CheckWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new ConfigurationException($"{path}: statistics are written to a file, and this is a folder; name a file in it");
        }

        try
        {
            using var probe = new FileStream(
                $"{path}.{Environment.ProcessId}.partial", FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"{path}: statistics cannot be written there ({fault.Message}); name a file in a folder that exists and can be "
                + "written to",
                fault);
        }
    }

    /// <summary>Reads a book that was made from certain things.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">What it must have been made from.</param>
    /// <returns>The book.</returns>
    /// <exception cref="CheckpointException">The file cannot be read or was changed.</exception>
    /// <exception cref="ConfigurationException">It was made from something else.</exception>
    public static OfferBook Read(string path, IReadOnlyDictionary<string, string> origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        OfferBook book = Read(path);
        string[] differing =
            [.. origin.Where(part => book.Origin.GetValueOrDefault(part.Key) != part.Value).Select(part => part.Key)];
        return differing.Length == 0
            ? book
            : throw new ConfigurationException($"{path}: was made with another {string.Join(", another ", differing)}: {Remedy}");
    }

    private static OfferBook Read(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            Require(length <= SizeLimit, path, $"has {length:N0} bytes; statistics have at most {SizeLimit:N0}");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement top = document.RootElement;
            Require(
                top.ValueKind == JsonValueKind.Object && top.TryGetProperty("version", out JsonElement version)
                    && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number) && number == Version,
                path,
                $"is no statistics file of version {Version}");
            string body = top.TryGetProperty("book", out JsonElement book) ? book.GetRawText() : string.Empty;
            Require(
                top.TryGetProperty("sha256", out JsonElement hash) && hash.ValueKind == JsonValueKind.String
                    && hash.GetString() == Hash(body),
                path,
                "its content is not what was written: the hash differs");
            OfferBook read = JsonSerializer.Deserialize<OfferBook>(body, Layout)!;
            Require(!read.Sites.IsDefaultOrEmpty && IsSound(read), path, "holds numbers that no measurement gives");
            return read;
        }
        catch (JsonException fault)
        {
            throw new CheckpointException(path, $"is no statistics file: {fault.Message} {Remedy}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"the statistics cannot be read: {fault.Message}", fault);
        }
    }

    private static bool IsSound(OfferBook book) =>
        book.TeacherBytes > 0 && book.FixedBytes >= 0 && book.Sites.All(site => site.KeepBytes > 0 && IsSound(site.Loss))
        && AreSound(book.Stacks, [.. book.Sites.Select(site => site.Site.Name)]) && IsSound(book.Forecast.Curve) && book.Forecast.TeacherPerplexity > 0;

    private static bool AreSound(ImmutableArray<OfferStack> stacks, HashSet<string> sites) => !stacks.IsDefault && stacks.All(
        stack => !stack.Sites.IsDefaultOrEmpty && !stack.Offers.IsDefault && stack.Sites.Length == stack.Offers.Length
            && stack.Sites.Distinct().Count() == stack.Sites.Length && stack.Sites.All(sites.Contains));

    private static bool IsSound(LossCurve curve) =>
        curve is { MildError: > 0, MildLoss: > 0, HarshError: > 0, HarshLoss: > 0 };

    private static void Require(bool holds, string path, string problem)
    {
        if (!holds)
        {
            throw new CheckpointException(path, $"{problem}; {Remedy}");
        }
    }

    private static string Hash(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
