namespace Hypercompress.Fuzz;

/// <summary>A reader of one format.</summary>
/// <param name="Name">Name of the format.</param>
/// <param name="FileName">Name of the file that it reads.</param>
/// <param name="Seeds">Files of the format that are right.</param>
/// <param name="Words">Words of a text format that are put in; none for a binary one.</param>
/// <param name="Read">Reads the file at a path, to the last part of it.</param>
internal sealed record FuzzReader(
    string Name, string FileName, IReadOnlyList<byte[]> Seeds, IReadOnlyList<string> Words, Action<string> Read)
{
    /// <summary>
    /// Makes an input right again in what is computed from the rest (lengths, checksums), so that mutations get beyond
    /// the first check; null for nothing.
    /// </summary>
    public Func<byte[], byte[]>? Seal { get; init; }

    /// <summary>Other files of the folder that the reader finds beside the mutated one, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Companions { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Whether the reader takes its seeds; a refused one is told.</summary>
    public bool AcceptsSeeds { get; init; } = true;

    /// <summary>The part of a seed that is mutated; null for all of it. <see cref="Seal"/> puts it back.</summary>
    public Func<byte[], byte[]>? Open { get; init; }
}
