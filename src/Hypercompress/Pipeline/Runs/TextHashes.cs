using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hypercompress.Configuration;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;

namespace Hypercompress.Pipeline.Runs;

/// <summary>SHA-256 of the texts of a run; each file is hashed once.</summary>
internal sealed class TextHashes
{
    private readonly DataOptions _options;
    private readonly ImmutableDictionary<string, byte[]> _hashes;

    private TextHashes(DataOptions options, ImmutableDictionary<string, byte[]> hashes) =>
        (_options, _hashes) = (options, hashes);

    /// <summary>
    /// Hashes in lower-case hexadecimal digits by file name; a number in brackets tells equal names apart.
    /// </summary>
    public ImmutableSortedDictionary<string, string> ByName
    {
        get
        {
            var named = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (string file in Files(_options))
            {
                named.Add(FreeName(Path.GetFileName(file), named.ContainsKey), Convert.ToHexStringLower(_hashes[file]));
            }

            return named.ToImmutable();
        }
    }

    /// <summary>Hashes all texts that a configuration names.</summary>
    /// <param name="options">The files.</param>
    /// <returns>The hashes.</returns>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    public static TextHashes Of(DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TextHashes(
            options, Files(options).ToImmutableDictionary(file => file, Hash, StringComparer.Ordinal));
    }

    /// <summary>Reads all texts once, so that what is wrong with them shows before the model is loaded.</summary>
    /// <exception cref="CheckpointException">A file is empty, or is not text.</exception>
    public void RequireText()
    {
        foreach (string file in Files(_options))
        {
            TokenStream.Check(file);
        }
    }

    /// <summary>Checks that the texts are still what was hashed.</summary>
    /// <exception cref="CheckpointException">A file has changed, or cannot be read any more.</exception>
    public void RequireUnchanged()
    {
        foreach ((string file, byte[] hash) in _hashes)
        {
            if (!Hash(file).AsSpan().SequenceEqual(hash))
            {
                throw new CheckpointException(
                    TextSource.Parse(file).Path, "the text changed while the run read it; start the run again");
            }
        }
    }

    /// <summary>The hash of one text.</summary>
    /// <param name="file">A text that the configuration names.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="KeyNotFoundException">The configuration does not name such a file.</exception>
    public string Of(string file) => Convert.ToHexStringLower(_hashes[file]);

    /// <summary>One hash of several texts in their order.</summary>
    /// <param name="files">Texts that the configuration names.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="KeyNotFoundException">The configuration does not name such a file.</exception>
    public string OfTogether(ImmutableArray<string> files) =>
        Convert.ToHexStringLower(SHA256.HashData(
            [.. files.SelectMany(file => (byte[])[.. _hashes[file], .. ColumnOf(file)])]));

    /// <summary>The validation texts that are calibration texts too, by their content.</summary>
    public IEnumerable<string> InBoth
    {
        get
        {
            ILookup<string, string> calibration = _options.Calibration.ToLookup(file => OfTogether([file]));
            return _options.Validation.Where(file => calibration.Contains(OfTogether([file])));
        }
    }

    // The same file gives other texts by another column.
    private static byte[] ColumnOf(string name) =>
        Encoding.UTF8.GetBytes(TextSource.Parse(name).Column ?? string.Empty);

    private static IEnumerable<string> Files(DataOptions options) =>
        options.Calibration.Concat(options.Validation).Distinct(StringComparer.Ordinal);

    // Texts in different folders may have the same name.
    private static string FreeName(string name, Func<string, bool> isTaken) => Enumerable.Range(1, int.MaxValue)
        .Select(number => number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({number})"))
        .First(candidate => !isTaken(candidate));

    private static byte[] Hash(string name)
    {
        string file = TextSource.Parse(name).Path;
        try
        {
            using FileStream stream = File.OpenRead(file);
            return SHA256.HashData(stream);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, ReadFault.Describe(file, fault), fault);
        }
    }
}
