using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization;

/// <summary>What <c>tokenizer_config.json</c> and its sister files say beside <c>tokenizer.json</c>.</summary>
public sealed record TokenizerSettings
{
    /// <summary>
    /// The Python class that the file was made for; decides whether <see cref="AddBosToken"/> is heeded.
    /// </summary>
    public string? TokenizerClass { get; init; }

    /// <summary>Text of the begin-of-sequence token.</summary>
    public string? BosToken { get; init; }

    /// <summary>Text of the end-of-sequence token.</summary>
    public string? EosToken { get; init; }

    /// <summary>Text of the padding token.</summary>
    public string? PadToken { get; init; }

    /// <summary>Text of the token for unknown characters.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Whether the begin-of-sequence token is put in front; null where the file does not say.</summary>
    public bool? AddBosToken { get; init; }

    /// <summary>Whether the end-of-sequence token is put at the end; null where the file does not say.</summary>
    public bool? AddEosToken { get; init; }

    /// <summary>The Jinja source that turns a conversation into a prompt.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Reads the files of a model folder; what is absent there stays null.</summary>
    /// <param name="folder">The folder with <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>,
    /// <c>chat_template.jinja</c> (each optional).</param>
    /// <returns>The settings.</returns>
    /// <exception cref="CheckpointException">A file is there but malformed.</exception>
    public static TokenizerSettings Read(string folder)
    {
        var settings = new TokenizerSettings();
        foreach (string name in new[] { "special_tokens_map.json", "tokenizer_config.json" })
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                settings = settings.OverriddenBy(Parse(File.ReadAllBytes(path), path));
            }
        }

        string template = Path.Combine(folder, "chat_template.jinja");
        return File.Exists(template) ? settings with { ChatTemplate = File.ReadAllText(template) } : settings;
    }

    /// <summary>Reads one such document.</summary>
    /// <param name="json">UTF-8 JSON, an object.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <returns>The settings that it has.</returns>
    /// <exception cref="CheckpointException">It is not JSON, or a value has the wrong kind.</exception>
    public static TokenizerSettings Parse(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = new JsonPart(document.RootElement, name, "");
            return new TokenizerSettings
            {
                TokenizerClass = root.OptionalText("tokenizer_class"),
                BosToken = TokenText(root, "bos_token"),
                EosToken = TokenText(root, "eos_token"),
                PadToken = TokenText(root, "pad_token"),
                UnknownToken = TokenText(root, "unk_token"),
                AddBosToken = OptionalFlag(root, "add_bos_token"),
                AddEosToken = OptionalFlag(root, "add_eos_token"),
                ChatTemplate = TemplateText(root),
            };
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(name, $"is not valid JSON: {problem.Message}", problem);
        }
    }

    private TokenizerSettings OverriddenBy(TokenizerSettings other) => new()
    {
        TokenizerClass = other.TokenizerClass ?? TokenizerClass,
        BosToken = other.BosToken ?? BosToken,
        EosToken = other.EosToken ?? EosToken,
        PadToken = other.PadToken ?? PadToken,
        UnknownToken = other.UnknownToken ?? UnknownToken,
        AddBosToken = other.AddBosToken ?? AddBosToken,
        AddEosToken = other.AddEosToken ?? AddEosToken,
        ChatTemplate = other.ChatTemplate ?? ChatTemplate,
    };

    private static bool? OptionalFlag(JsonPart root, string key) => root.Optional(key) is null ? null : root.Flag(key);

    private static string? TokenText(JsonPart root, string key) => root.Optional(key) switch
    {
        null => null,
        { Element.ValueKind: JsonValueKind.Object } token => token.Text("content"),
        { } token => token.AsText(),
    };

    private static string? TemplateText(JsonPart root)
    {
        if (root.Optional("chat_template") is not { } template)
        {
            return null;
        }

        // Several templates by name; the plain conversation is "default".
        return template.Element.ValueKind == JsonValueKind.Array
            ? template.Items().Where(item => item.Text("name") == "default").Select(item => item.Text("template"))
                .FirstOrDefault()
            : template.AsText();
    }
}
