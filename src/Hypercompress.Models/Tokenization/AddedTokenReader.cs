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

        string?[] named = [settings.BosToken, settings.EosToken, settings.PadToken, settings.UnknownToken];
        foreach (string name in named.OfType<string>())
        {
            if (!tokens.ContainsKey(name) && model.IdOf(name) is { } id && ids.Add(id))
            {
                tokens[name] = new AddedToken(id, name, false, false, false, false, Special: true);
            }
        }

        return tokens;
    }

    private static AddedToken ReadOne(JsonPart item)
    {
        item.RequireKind(JsonValueKind.Object);
        int id = item.Integer("id");
        if (id is < 0 or > BpeModelReader.MaxId)
        {
            throw item.Problem($"has the id {id}, expected 0 to {BpeModelReader.MaxId}");
        }

        bool special = item.Flag("special");
        return new AddedToken(id, item.Text("content"), item.Flag("single_word"), item.Flag("lstrip"),
            item.Flag("rstrip"), item.Flag("normalized", !special), special);
    }
}
