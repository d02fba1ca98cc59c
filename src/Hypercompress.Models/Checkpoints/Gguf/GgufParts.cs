using System.Globalization;
using System.Text.RegularExpressions;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>The files of a model that llama.cpp has split: <c>NAME-00001-of-00003.gguf</c> and so on.</summary>
internal static partial class GgufParts
{
    private const string CountKey = "split.count";
    private const int MostParts = 99_999;

    /// <summary>The .gguf files in a folder that models can be opened by.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Their paths, without the parts of a split model after its first.</returns>
    public static string[] ModelsIn(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.gguf").Where(path => Name().Match(Path.GetFileName(path)) is not
            { Success: true } match || int.Parse(match.Groups["part"].Value, CultureInfo.InvariantCulture) <= 1),
    ];

    /// <summary>Paths of all parts of a model, by one of them.</summary>
    /// <param name="path">Path of a part, or of a model in one file.</param>
    /// <param name="metadata">Its key-value pairs.</param>
    /// <returns>The paths in order; that of the file alone when it is not split.</returns>
    /// <exception cref="CheckpointException">A part is missing, or its name does not say which it is.</exception>
    internal static IReadOnlyList<string> Paths(string path, GgufMetadata metadata)
    {
        long count = metadata.FindInteger(CountKey) ?? 1;
        if (count <= 1)
        {
            return [path];
        }

        Match match = Name().Match(Path.GetFileName(path));
        if (!match.Success || count > MostParts)
        {
            throw new CheckpointException(
                path, $"is one of {count} parts of a model; "
                    + "they are found by their names, such as NAME-00001-of-00003.gguf");
        }

        string folder = Path.GetDirectoryName(path) ?? "";
        string[] paths =
        [
            .. Enumerable.Range(1, (int)count).Select(part => Path.Combine(folder, string.Create(
                CultureInfo.InvariantCulture, $"{match.Groups["name"]}-{part:D5}-of-{count:D5}.gguf"))),
        ];
        return Array.Find(paths, part => !File.Exists(part)) is { } missing
            ? throw new CheckpointException(
                missing, $"is missing; it is one of the {count} parts of {Path.GetFileName(path)}")
            : paths;
    }

    [GeneratedRegex(@"^(?<name>.+)-(?<part>\d{5})-of-\d{5}\.gguf$", RegexOptions.IgnoreCase)]
    private static partial Regex Name();
}
