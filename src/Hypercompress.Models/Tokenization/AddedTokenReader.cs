using System.Text.Json;

namespace Hypercompress.Models.Tokenization;

/// <summary>Reads the <c>added_tokens</c> of a tokenizer file.</summary>
internal static class AddedTokenReader
{
    /// <summary>
    /// The tokens by content; the named tokens of the settings are special even if the file forgets them.
    /// </summary>
    public static Dictionary<string, AddedToken> Read(JsonPart? part, TokenizerSettings settings, ITokenModel model)
    {
        var tokens = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var item in part?.Items() ?? [])
        {
            var token = ReadOne(item);
            if (!ids.Add(token.Id))
            {
                throw item.Problem($"gives '{token.Content}' the id {token.Id}, which another added token has");
            }

            tokens[token.Content] = token;
        }

        AddFromSettings(tokens, ids, settings, model);
        return tokens;
    }

    /// <summary>Reads a token whose id is known.</summary>
    public static AddedToken ReadFlags(JsonPart item, int id)
    {
        bool special = item.Flag("special");
        return new AddedToken(id, item.Text("content"), item.Flag("single_word"), item.Flag("lstrip"),
            item.Flag("rstrip"), item.Flag("normalized", !special), special);
    }

    private static void AddFromSettings(
        Dictionary<string, AddedToken> tokens, HashSet<int> ids, TokenizerSettings settings, ITokenModel model)
    {
        foreach (var token in settings.AddedTokens)
        {
            int id = tokens.TryGetValue(token.Content, out var known) ? known.Id
                : model.IdOf(token.Content) ?? token.Id;
            if (known is null && ids.Add(id))
            {
                tokens[token.Content] = token with { Id = id };
            }
        }

        foreach (string name in settings.SpecialTokens)
        {
            if (!tokens.ContainsKey(name) && model.IdOf(name) is { } id && ids.Add(id))
            {
                tokens[name] = AddedToken.Named(id, name);
            }
        }
    }

    private static AddedToken ReadOne(JsonPart item)
    {
        item.RequireKind(JsonValueKind.Object);
        int id = item.Integer("id");
        return id is >= 0 and <= VocabularyReader.MaxId
            ? ReadFlags(item, id)
            : throw item.Problem($"has the id {id}, expected 0 to {VocabularyReader.MaxId}");
    }
}
