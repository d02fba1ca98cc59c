using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Classic;
using Hypercompress.Models.Tokenization.SentencePiece;

namespace Hypercompress.Models.Tokenization.Loading;

/// <summary>The files that a model folder keeps its tokenizer in.</summary>
public static class TokenizerFileSet
{
    private const string Json = "tokenizer.json";
    private const string SentencePieceModel = "tokenizer.model";

    private static readonly string[] Vocabularies = [Json, SentencePieceModel, "vocab.json", "merges.txt", "vocab.txt"];

    private static readonly string[] Settings =
    [
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja",
        "chat_template.json",
    ];

    /// <summary>All their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Vocabularies, .. Settings];

    /// <summary>Makes the tokenizer of a folder's files: of <c>tokenizer.json</c> where it is there, else of
    /// <c>tokenizer.model</c>, else of <c>vocab.json</c> with <c>merges.txt</c>, else of <c>vocab.txt</c>.</summary>
    /// <param name="files">Contents by name; other files are passed over.</param>
    /// <param name="location">The folder, for messages.</param>
    /// <returns>The tokenizer, or null where there is none.</returns>
    /// <exception cref="CheckpointException">A file is malformed or not supported.</exception>
    public static ITokenizer? Create(IReadOnlyDictionary<string, byte[]> files, string location)
    {
        ArgumentNullException.ThrowIfNull(files);
        var settings = TokenizerSettingsReader.Read(files, location);
        if (files.TryGetValue(Json, out byte[]? json))
        {
            return TokenizerJson.Parse(json, Path.Combine(location, Json), settings);
        }

        if (files.TryGetValue(SentencePieceModel, out byte[]? model))
        {
            return SentencePieceTokenizer.Parse(model, Path.Combine(location, SentencePieceModel), settings);
        }

        return Classic(files, location, settings) is var (document, own)
            ? TokenizerJson.Parse(JsonSerializer.SerializeToUtf8Bytes(document), location, own)
            : null;
    }

    /// <summary>The content of a <c>tokenizer.json</c>, read from there or made of older files.</summary>
    /// <param name="files">As for <see cref="Create"/>, which has made a tokenizer of them.</param>
    /// <returns>The document, or null where the vocabulary is in a <c>tokenizer.model</c>.</returns>
    internal static JsonObject? Document(IReadOnlyDictionary<string, byte[]> files) =>
        files.TryGetValue(Json, out byte[]? json) ? JsonFile.ParseObject(Json, json)
            : files.ContainsKey(SentencePieceModel) ? null
            : Classic(files, string.Empty, TokenizerSettingsReader.Read(files, string.Empty))?.Document;

    private static TokenizerSource? Classic(
        IReadOnlyDictionary<string, byte[]> files, string location, TokenizerSettings settings) =>
        files.ContainsKey("vocab.json") && files.ContainsKey("merges.txt")
            ? ByteLevelFiles.Read(files, location, settings)
            : files.ContainsKey("vocab.txt") ? WordPieceFiles.Read(files, location, settings) : null;

    /// <summary>Reads those that a folder has.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Contents by name.</returns>
    /// <exception cref="CheckpointException">One cannot be read.</exception>
    public static IReadOnlyDictionary<string, byte[]> ReadFolder(string folder) => Read(folder, Names);

    /// <summary>Reads the settings of a model folder; what is absent there stays null.</summary>
    /// <param name="folder">The folder with <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>,
    /// <c>added_tokens.json</c>, <c>chat_template.jinja</c> (each optional).</param>
    /// <returns>The settings.</returns>
    /// <exception cref="CheckpointException">A file is there but malformed.</exception>
    public static TokenizerSettings ReadSettings(string folder) =>
        TokenizerSettingsReader.Read(Read(folder, Settings), folder);

    /// <summary>Whether a file only says something about a tokenizer.</summary>
    internal static bool IsSetting(string name) => Settings.Contains(name);

    private static Dictionary<string, byte[]> Read(string folder, IEnumerable<string> names) => names
        .Where(name => File.Exists(Path.Combine(folder, name)))
        .ToDictionary(name => name, name => JsonFile.ReadBytes(Path.Combine(folder, name)), StringComparer.Ordinal);
}
