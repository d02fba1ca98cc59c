using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Packages;

/// <summary>Builds the tokenizer of a package from its side files.</summary>
internal static class PackageTokenizer
{
    /// <summary>The tokenizer, or null when the package has no <c>tokenizer.json</c>.</summary>
    /// <exception cref="CheckpointException">A file is malformed or not supported.</exception>
    public static TokenizerJson? Read(ModelPackage package) =>
        package.SideFiles.TryGetValue("tokenizer.json", out byte[]? json)
            ? TokenizerJson.Parse(json, Path.Combine(package.Location, "tokenizer.json"), ReadSettings(package))
            : null;

    /// <summary>
    /// What the files beside <c>tokenizer.json</c> say; the tokenizer's own configuration goes first.
    /// </summary>
    private static TokenizerSettings ReadSettings(ModelPackage package)
    {
        TokenizerSettings map = Read(package, "special_tokens_map.json");
        TokenizerSettings own = Read(package, "tokenizer_config.json");
        return own with
        {
            BosToken = own.BosToken ?? map.BosToken,
            EosToken = own.EosToken ?? map.EosToken,
            PadToken = own.PadToken ?? map.PadToken,
            UnknownToken = own.UnknownToken ?? map.UnknownToken,
            ChatTemplate = package.SideFiles.TryGetValue("chat_template.jinja", out byte[]? template)
                ? Encoding.UTF8.GetString(template)
                : own.ChatTemplate,
        };
    }

    private static TokenizerSettings Read(ModelPackage package, string name) =>
        package.SideFiles.TryGetValue(name, out byte[]? json)
            ? TokenizerSettings.Parse(json, Path.Combine(package.Location, name))
            : new TokenizerSettings();
}
