using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.PostProcessors;

/// <summary>Builds the post-processor that a tokenizer file describes.</summary>
internal static class PostProcessorReader
{
    /// <exception cref="Errors.CheckpointException">A type that is not known, or a value that does not fit
    /// it.</exception>
    public static IPostProcessor Read(JsonPart? part) =>
        part is { } found ? ReadOne(found) : new SequencePostProcessor([], "");

    private static IPostProcessor ReadOne(JsonPart part) => part.Type switch
    {
        "Sequence" => new SequencePostProcessor([.. part.Required("processors").Items().Select(ReadOne)], part.File),
        "TemplateProcessing" => ReadTemplate(part),
        // It only trims offsets.
        "ByteLevel" => new SequencePostProcessor([], part.File),
        "BertProcessing" or "RobertaProcessing" =>
            new TemplatePostProcessor([[PairId(part, "cls")], null, [PairId(part, "sep")]], part.File),
        var other => throw part.Problem($"is a post-processor of type '{other}', which is not supported"),
    };

    private static TemplatePostProcessor ReadTemplate(JsonPart part)
    {
        var special = part.Optional("special_tokens")?.Members().ToDictionary(
            member => member.Name, member => member.Part, StringComparer.Ordinal) ?? [];
        var ids = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var pieces = new List<int[]?>();
        foreach (var piece in part.Required("single").Items())
        {
            piece.RequireKind(JsonValueKind.Object);
            if (piece.Optional("SpecialToken") is { } token)
            {
                string name = token.Text("id");
                if (!ids.TryGetValue(name, out int[]? known))
                {
                    ids[name] = known = special.TryGetValue(name, out var found)
                        ? [.. found.Required("ids").Items().Select(AsId)]
                        : throw piece.Problem($"names '{name}', which special_tokens does not have");
                }

                pieces.Add(known);
            }
            else if (piece.Optional("Sequence") is not null)
            {
                pieces.Add(null);
            }
            else
            {
                throw piece.Problem("is neither a SpecialToken nor a Sequence");
            }
        }

        return new TemplatePostProcessor(pieces, part.File);
    }

    private static int PairId(JsonPart part, string key)
    {
        var pair = part.Required(key).Items().ToArray();
        return pair.Length == 2 ? AsId(pair[1]) : throw part.Problem($"has '{key}' that is not [token, id]");
    }

    private static int AsId(JsonPart part) =>
        part.Element.ValueKind == JsonValueKind.Number && part.Element.TryGetInt32(out int id) && id >= 0
            ? id
            : throw part.Problem("is not a token id");
}
