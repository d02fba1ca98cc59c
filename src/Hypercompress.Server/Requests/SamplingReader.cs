using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Models.Generation;

namespace Hypercompress.Server.Requests;

/// <summary>Reads what all requests for text have in common.</summary>
/// <param name="engine">The model that is served.</param>
internal sealed class SamplingReader(ITextEngine engine)
{
    private const double HottestTemperature = 2;
    private const int MostStops = 16;
    private long _requests;

    /// <summary>Reads a request whose prompt is known.</summary>
    /// <param name="body">The request.</param>
    /// <param name="prompt">Its prompt as ids.</param>
    /// <param name="maxTokens">The limit of the reply that it states; null for none.</param>
    /// <param name="logProbabilities">How many alternatives it wants to be told; null for no probabilities.</param>
    /// <returns>The request.</returns>
    public ApiRequest Read(RequestBody body, int[] prompt, long? maxTokens, int? logProbabilities)
    {
        CheckCommon(body);
        int room = Room(body, prompt);
        ImmutableArray<string> stop = body.Texts("stop");
        if (stop.Length > MostStops || stop.Any(string.IsNullOrEmpty))
        {
            throw ApiException.Invalid("stop", $"stop must be up to {MostStops} texts, none of them empty");
        }

        var sampling = new SamplingOptions
        {
            MaxTokens = (int)Math.Min(maxTokens ?? room, room),
            Temperature = body.Real("temperature", 0, HottestTemperature) ?? 1,
            TopP = Math.Max(double.Epsilon, body.Real("top_p", 0, 1) ?? 1),
            TopK = (int)(body.Whole("top_k", 0, int.MaxValue) ?? 0),
            Seed = Seed(body),
            LogProbabilities = logProbabilities,
        };
        return new ApiRequest(
            new CompletionRequest(prompt, sampling) { Stop = stop }, body.Flag("stream"), TellsUsage(body));
    }

    private int Room(RequestBody body, int[] prompt)
    {
        string name = body.At("messages") is null ? "prompt" : "messages";
        if (prompt.Length == 0)
        {
            throw ApiException.Invalid(name, $"{name} must not be empty: {engine.Name} needs at least one token");
        }

        int room = engine.MaxContext - prompt.Length;
        return room > 0 ? room : throw ApiException.Invalid(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the prompt has {prompt.Length} tokens; {engine.Name} takes 1 to {engine.MaxContext - 1}"),
            "context_length_exceeded");
    }

    // Without a seed every request draws differently: its number is its seed.
    private ulong Seed(RequestBody body) =>
        unchecked((ulong)(body.Whole("seed", long.MinValue, long.MaxValue) ?? Interlocked.Increment(ref _requests)));

    private void CheckCommon(RequestBody body)
    {
        string? model = body.Text("model");
        if (model is not null && model != engine.Name)
        {
            throw new ApiException(
                404,
                ApiException.InvalidRequest,
                $"there is no model '{model}' here; this server has '{engine.Name}'",
                "model",
                "model_not_found");
        }

        body.Whole("n", 1, 1);
        body.Refuse("logit_bias", "presence_penalty", "frequency_penalty");

        // Members that other servers know and that would change the text.
        body.Refuse("min_p", "min_tokens", "ignore_eos", "stop_token_ids", "grammar");
        body.RefuseUnless(1, "repetition_penalty", "repeat_penalty");
    }

    private static bool TellsUsage(RequestBody body) =>
        body.Part("stream_options") is { } options && options.Flag("include_usage");
}
