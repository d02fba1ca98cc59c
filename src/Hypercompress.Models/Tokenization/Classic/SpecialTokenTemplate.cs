using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Classic;

/// <summary>The post-processor of <c>tokenizer.json</c> that puts special tokens around a text.</summary>
internal static class SpecialTokenTemplate
{
    /// <summary>The template that the settings ask for.</summary>
    /// <param name="settings">Which tokens, and whether.</param>
    /// <param name="ids">The vocabulary.</param>
    /// <param name="file">The vocabulary's file, for messages.</param>
    /// <returns>The component; null where nothing is put around.</returns>
    /// <exception cref="CheckpointException">A token that is to be put around is not in the vocabulary.</exception>
    public static JsonObject? Create(TokenizerSettings settings, IReadOnlyDictionary<string, int> ids, string file)
    {
        var before = Token(settings.AddBosToken is true, settings.BosToken, "bos", settings, ids, file);
        var after = Token(settings.AddEosToken is true, settings.EosToken, "eos", settings, ids, file);
        return before is null && after is null ? null : Create(before, after);
    }

    /// <summary>The component for given tokens.</summary>
    public static JsonObject Create(NamedToken? before, NamedToken? after)
    {
        var special = new JsonObject();
        foreach (var token in new[] { before, after })
        {
            if (token is var (text, id))
            {
                special[text] = new JsonObject
                {
                    ["id"] = text,
                    ["ids"] = new JsonArray(id),
                    ["tokens"] = new JsonArray(text),
                };
            }
        }

        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray([.. Pieces(before, "A", after, 0)]),
            ["pair"] = new JsonArray([.. Pieces(before, "A", after, 0), .. Pieces(before, "B", after, 1)]),
            ["special_tokens"] = special,
        };
    }

    private static NamedToken? Token(bool wanted, string? text, string name, TokenizerSettings settings,
        IReadOnlyDictionary<string, int> ids, string file)
    {
        if (!wanted)
        {
            return null;
        }

        int? id = text is not null && ids.TryGetValue(text, out int known)
            ? known
            : settings.AddedTokens.FirstOrDefault(token => token.Content == text)?.Id;
        return text is not null && id is { } found
            ? new NamedToken(text, found)
            : throw new CheckpointException(
                file, $"add_{name}_token asks for the {name} token '{text}', which the vocabulary lacks");
    }

    private static IEnumerable<JsonNode> Pieces(
        NamedToken? before, string sequence, NamedToken? after, int typeId)
    {
        if (before is var (first, _))
        {
            yield return Piece("SpecialToken", first, typeId);
        }

        yield return Piece("Sequence", sequence, typeId);
        if (after is var (last, _))
        {
            yield return Piece("SpecialToken", last, typeId);
        }
    }

    private static JsonObject Piece(string kind, string id, int typeId) =>
        new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = typeId } };
}
