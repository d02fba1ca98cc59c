using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;

namespace Hypercompress.Models.Tokenization;

/// <summary>Reads what the files beside a tokenizer say.</summary>
internal static class TokenizerSettingsReader
{
    /// <summary>Brings the files of a folder together; the tokenizer's own configuration goes first.</summary>
    /// <param name="files">Contents by name.</param>
    /// <param name="location">The folder, for messages.</param>
    /// <exception cref="Errors.CheckpointException">A file is malformed.</exception>
    public static TokenizerSettings Read(IReadOnlyDictionary<string, byte[]> files, string location)
    {
        var map = ReadOne(files, "special_tokens_map.json", location);
        var own = ReadOne(files, "tokenizer_config.json", location);
        var joined = own with
        {
            BosToken = own.BosToken ?? map.BosToken,
            EosToken = own.EosToken ?? map.EosToken,
            PadToken = own.PadToken ?? map.PadToken,
            UnknownToken = own.UnknownToken ?? map.UnknownToken,
            ClassToken = own.ClassToken ?? map.ClassToken,
            SeparatorToken = own.SeparatorToken ?? map.SeparatorToken,
            MaskToken = own.MaskToken ?? map.MaskToken,
            AdditionalSpecialTokens = [.. own.AdditionalSpecialTokens.Union(map.AdditionalSpecialTokens)],
            ChatTemplate = files.TryGetValue("chat_template.jinja", out byte[]? template)
                ? Encoding.UTF8.GetString(template)
                : own.ChatTemplate,
        };
        return joined.AddedTokens.IsEmpty && files.TryGetValue("added_tokens.json", out byte[]? added)
            ? joined with { AddedTokens = ParseAdded(added, Path.Combine(location, "added_tokens.json"), joined) }
            : joined;
    }

    /// <summary>Reads one document.</summary>
    /// <exception cref="Errors.CheckpointException">It is not JSON, or a value has the wrong kind.</exception>
    public static TokenizerSettings Parse(ReadOnlyMemory<byte> json, string name) => JsonPart.Parse(json, name, root =>
        new TokenizerSettings
        {
            TokenizerClass = root.OptionalText("tokenizer_class"),
            BosToken = TokenText(root.Optional("bos_token")),
            EosToken = TokenText(root.Optional("eos_token")),
            PadToken = TokenText(root.Optional("pad_token")),
            UnknownToken = TokenText(root.Optional("unk_token")),
            ClassToken = TokenText(root.Optional("cls_token")),
            SeparatorToken = TokenText(root.Optional("sep_token")),
            MaskToken = TokenText(root.Optional("mask_token")),
            AdditionalSpecialTokens = Additional(root.Optional("additional_special_tokens")),
            AddBosToken = root.OptionalFlag("add_bos_token"),
            AddEosToken = root.OptionalFlag("add_eos_token"),
            AddPrefixSpace = root.OptionalFlag("add_prefix_space"),
            LowerCase = root.OptionalFlag("do_lower_case"),
            Legacy = root.OptionalFlag("legacy"),
            ChatTemplate = TemplateText(root.Optional("chat_template")),
            AddedTokens = Decoder(root.Optional("added_tokens_decoder")),
        });

    private static TokenizerSettings ReadOne(
        IReadOnlyDictionary<string, byte[]> files, string name, string location) =>
        files.TryGetValue(name, out byte[]? json) ? Parse(json, Path.Combine(location, name)) : new TokenizerSettings();

    private static ImmutableArray<AddedToken> ParseAdded(byte[] json, string name, TokenizerSettings settings)
    {
        var special = settings.SpecialTokens.ToHashSet(StringComparer.Ordinal);
        return JsonPart.Parse(json, name, root => VocabularyReader.Read(root)
            .Select(entry => new AddedToken(entry.Value, entry.Key, SingleWord: false, LStrip: false, RStrip: false,
                Normalized: !special.Contains(entry.Key), Special: special.Contains(entry.Key)))
            .ToImmutableArray());
    }

    /// <summary>Tokens by id, as <c>added_tokens_decoder</c> has them.</summary>
    private static ImmutableArray<AddedToken> Decoder(JsonPart? part)
    {
        if (part is not { } found)
        {
            return [];
        }

        var tokens = ImmutableArray.CreateBuilder<AddedToken>();
        foreach (var (name, token) in found.Members())
        {
            tokens.Add(int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && id <= VocabularyReader.MaxId
                    ? AddedTokenReader.ReadFlags(token, id)
                    : throw found.Problem($"has the id '{name}', expected 0 to {VocabularyReader.MaxId}"));
        }

        return tokens.ToImmutable();
    }

    private static ImmutableArray<string> Additional(JsonPart? part) =>
        part is { } found ? [.. found.Items().Select(item => TokenText(item)!)] : [];

    private static string? TokenText(JsonPart? part) => part switch
    {
        null => null,
        { Element.ValueKind: JsonValueKind.Object } token => token.Text("content"),
        { } token => token.AsText(),
    };

    private static string? TemplateText(JsonPart? part) => part switch
    {
        null => null,
        // Several templates by name; the plain conversation is "default".
        { Element.ValueKind: JsonValueKind.Array } list => list.Items().Where(item => item.Text("name") == "default")
            .Select(item => item.Text("template")).FirstOrDefault(),
        { } template => template.AsText(),
    };
}
