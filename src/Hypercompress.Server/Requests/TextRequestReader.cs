using System.Text.Json;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Server.Requests;

/// <summary>Reads requests to continue a text.</summary>
/// <param name="tokenizer">Encodes texts.</param>
/// <param name="sampling">Reads the rest.</param>
internal sealed class TextRequestReader(ITokenizer tokenizer, SamplingReader sampling) : IRequestReader
{
    private const int UsualTokens = 16;
    private const int MostAlternatives = 5;

    /// <inheritdoc/>
    public ApiRequest Read(RequestBody body, CancellationToken cancellation)
    {
        body.Refuse("echo", "suffix");
        body.Whole("best_of", 1, 1);
        long limit = body.Whole("max_tokens", 1, int.MaxValue) ?? UsualTokens;
        return sampling.Read(body, Prompt(body), limit, (int?)body.Whole("logprobs", 0, MostAlternatives));
    }

    private int[] Prompt(RequestBody body) => body.At("prompt") switch
    {
        { ValueKind: JsonValueKind.String } text => tokenizer.EncodePrompt(text.GetString()!),
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0
            && list.EnumerateArray().All(one => one.ValueKind == JsonValueKind.Number) =>
            [.. list.EnumerateArray().Select(Id)],
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 1
            && list[0].ValueKind == JsonValueKind.String => tokenizer.EncodePrompt(list[0].GetString()!),
        _ => throw ApiException.Invalid("prompt", "prompt must be one text, or a list of token ids"),
    };

    private int Id(JsonElement value) => value.TryGetInt32(out int id) && id >= 0 && id < tokenizer.VocabularySize
        ? id
        : throw ApiException.Invalid(
            "prompt",
            $"prompt has the token id {value.GetRawText()}; the model knows 0 to {tokenizer.VocabularySize - 1}");
}
