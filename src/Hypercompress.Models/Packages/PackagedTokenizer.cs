using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages;

/// <summary>Opens a tokenizer by itself: no weights have to be beside it.</summary>
public static class PackagedTokenizer
{
    /// <summary>Opens the tokenizer of a model, or one alone.</summary>
    /// <param name="path">
    /// A folder with tokenizer files or exactly one <c>.gguf</c>, a <c>.gguf</c> file, or the path of one tokenizer
    /// file (<c>tokenizer.json</c>, <c>tokenizer.model</c>), which then goes before its neighbours.
    /// </param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="CheckpointException">
    /// Nothing of the kind is there, or it is malformed or not supported.
    /// </exception>
    public static ITokenizer Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        bool isFile = File.Exists(full);
        if (isFile && IsGguf(full))
        {
            return OpenGguf(full);
        }

        string folder = isFile ? Path.GetDirectoryName(full)! : full;
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException(full, "does not exist");
        }

        IReadOnlyDictionary<string, byte[]> files = TokenizerFileSet.ReadFolder(folder);
        ITokenizer? tokenizer = TokenizerFileSet.Create(isFile ? Alone(full, files) : files, folder);
        if (tokenizer is null && !isFile && GgufParts.ModelsIn(folder) is [var single])
        {
            return OpenGguf(single);
        }

        return tokenizer ?? throw new CheckpointException(
            full, $"has no tokenizer; looked for {string.Join(", ", TokenizerFileSet.Names)} and one .gguf file");
    }

    private static bool IsGguf(string path) =>
        Path.GetExtension(path).Equals(".gguf", StringComparison.OrdinalIgnoreCase);

    private static ITokenizer OpenGguf(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return TokenizerFileSet.Create(GgufSideFiles.Read(file.Metadata, path), path)
            ?? throw new CheckpointException(path, "has no tokenizer");
    }

    /// <summary>One of the files under the name of its kind, without the other vocabularies.</summary>
    private static Dictionary<string, byte[]> Alone(string path, IReadOnlyDictionary<string, byte[]> files)
    {
        string name = Path.GetExtension(path) switch
        {
            ".model" => "tokenizer.model",
            ".json" => "tokenizer.json",
            _ => throw new CheckpointException(
                path, "is not a tokenizer; give a tokenizer.json, a tokenizer.model, a .gguf file or a folder"),
        };
        var alone = files.Where(pair => TokenizerFileSet.IsSetting(pair.Key)).ToDictionary();
        alone[name] = JsonFile.ReadBytes(path);
        return alone;
    }
}
