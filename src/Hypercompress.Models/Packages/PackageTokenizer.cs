using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Packages;

/// <summary>Builds the tokenizer of a package from its side files.</summary>
internal static class PackageTokenizer
{
    /// <summary>The tokenizer, or null when the package has no <c>tokenizer.json</c>.</summary>
    /// <exception cref="CheckpointException">A file is malformed or not supported.</exception>
    public static TokenizerJson? Read(ModelPackage package) => Read(package.SideFiles, package.Location);

    /// <summary>The tokenizer, or null when there is no <c>tokenizer.json</c> among the files.</summary>
    /// <param name="sideFiles">The files by name.</param>
    /// <param name="location">Where they are, for messages.</param>
    /// <exception cref="CheckpointException">A file is malformed or not supported.</exception>
    public static TokenizerJson? Read(IReadOnlyDictionary<string, byte[]> sideFiles, string location) =>
        sideFiles.TryGetValue("tokenizer.json", out byte[]? json)
            ? TokenizerJson.Parse(json, Path.Combine(location, "tokenizer.json"), ReadSettings(sideFiles, location))
            : null;

    /// <summary>
    /// What the files beside <c>tokenizer.json</c> say; the tokenizer's own configuration goes first.
    /// </summary>
    private static TokenizerSettings ReadSettings(IReadOnlyDictionary<string, byte[]> sideFiles, string location)
    {
        TokenizerSettings map = Read(sideFiles, location, "special_tokens_map.json");
        TokenizerSettings own = Read(sideFiles, location, "tokenizer_config.json");
        return own with
        {
            BosToken = own.BosToken ?? map.BosToken,
            EosToken = own.EosToken ?? map.EosToken,
            PadToken = own.PadToken ?? map.PadToken,
            UnknownToken = own.UnknownToken ?? map.UnknownToken,
            ChatTemplate = sideFiles.TryGetValue("chat_template.jinja", out byte[]? template)
                ? Encoding.UTF8.GetString(template)
                : own.ChatTemplate,
        };
    }

    private static TokenizerSettings Read(IReadOnlyDictionary<string, byte[]> sideFiles, string location, string name) =>
        sideFiles.TryGetValue(name, out byte[]? json)
            ? TokenizerSettings.Parse(json, Path.Combine(location, name))
            : new TokenizerSettings();
}
