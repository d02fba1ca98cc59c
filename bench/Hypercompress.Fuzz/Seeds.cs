using Parquet;
using Parquet.Serialization;

namespace Hypercompress.Fuzz;

/// <summary>The files that mutations start from: those of the folder <c>Seeds</c>, and Parquet tables that are
/// made.</summary>
internal static class Seeds
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Seeds");

    /// <summary>All files of a folder, ordered by name.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Their contents.</returns>
    public static IReadOnlyList<byte[]> Of(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Root, folder)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>One file.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Its name.</param>
    /// <returns>Its content.</returns>
    public static byte[] One(string folder, string name) => File.ReadAllBytes(Path.Combine(Root, folder, name));

    /// <summary>Tables of every compression, with strings, numbers, lists and structures.</summary>
    /// <returns>The files.</returns>
    public static IReadOnlyList<byte[]> Parquet() =>
        [.. ((CompressionMethod[])[CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Zstd,
            CompressionMethod.Gzip,
            CompressionMethod.None, CompressionMethod.None, CompressionMethod.Lz4Raw]).Select(Table)];

    private static byte[] Table(CompressionMethod method, int number)
    {
        using var stream = new MemoryStream();
        SeedRow[] rows = [.. Enumerable.Range(0, 4 + (number * 3)).Select(SeedRow.Make)];
        ParquetSerializer.SerializeAsync(rows, stream, new ParquetOptions { CompressionMethod = method })
            .GetAwaiter().GetResult();
        return stream.ToArray();
    }
}
