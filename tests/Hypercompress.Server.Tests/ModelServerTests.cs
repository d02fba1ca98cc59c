using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;

namespace Hypercompress.Server.Tests;

public sealed class ModelServerTests(ServedModel served) : IClassFixture<ServedModel>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"messages": []}""", 400, "messages")]
    [InlineData("""{"messages": "a"}""", 400, "messages")]
    [InlineData("""{"messages": [3]}""", 400, "messages[0]")]
    [InlineData("""{"messages": [{"role": "tool", "content": "a"}]}""", 400, "messages[0].role")]
    [InlineData("""{"messages": [{"role": "user"}]}""", 400, "messages[0].content")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}""", 400, "messages[0].content")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "max_tokens": 0}""", 400, "max_tokens")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "max_tokens": 1.5}""", 400, "max_tokens")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "temperature": "hot"}""", 400, "temperature")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "top_p": 1.1}""", 400, "top_p")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "n": 2}""", 400, "n")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "stop": [""]}""", 400, "stop")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "stream": 1}""", 400, "stream")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "tools": [{}]}""", 400, "tools")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "frequency_penalty": 0.5}""", 400, "frequency_penalty")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "repetition_penalty": 1.1}""", 400, "repetition_penalty")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "min_p": 0.1}""", 400, "min_p")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "ignore_eos": true}""", 400, "ignore_eos")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "stream_options": 5}""", 400, "stream_options")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "top_logprobs": 2}""", 400, "top_logprobs")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "logprobs": true, "top_logprobs": 21}""", 400, "top_logprobs")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "response_format": {"type": "json_object"}}""", 400,
        "response_format")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}], "model": "other"}""", 404, "model")]
    [InlineData("""[1]""", 400, null)]
    [InlineData("""{"messages": """, 400, null)]
    public async Task ChatCompletions_WrongRequest_NamesTheMember(string json, int status, string? parameter)
    {
        (int found, JsonObject body) = await served.PostAsync("v1/chat/completions", json);

        Assert.Equal(status, found);
        Assert.Equal(["error"], body.Select(member => member.Key));
        Assert.Equal(parameter, (string?)body["error"]!["param"]);
        Assert.Equal("invalid_request_error", (string?)body["error"]!["type"]);
        Assert.NotEmpty(body["error"]!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task ChatCompletions_HarmlessMembers_AreTaken()
    {
        (int status, JsonObject body) = await served.PostAsync("v1/chat/completions", """
            {"messages": [{"role": "developer", "content": [{"type": "text", "text": "a"}]}, {"role": "user", "content": "b"}],
             "max_completion_tokens": 3, "n": 1, "tools": [], "presence_penalty": 0, "repetition_penalty": 1.0, "min_p": 0, "user": "me", "stop": null,
             "response_format": {"type": "text"}, "stream": false, "seed": -1}
            """);

        Assert.Equal(200, status);
        Assert.Equal("chat.completion", (string?)body["object"]);
        Assert.InRange((int)body["usage"]!["completion_tokens"]!, 1, 3);
        Assert.NotNull(body["usage"]!["prompt_tokens_details"]!["cached_tokens"]);
        Assert.Null(body["choices"]![0]!["logprobs"]);
    }

    [Theory]
    [InlineData("", null, "the request is not JSON: there is nothing in it")]
    [InlineData("{\"prompt\": ", null, "the request is not JSON: line 1, column 12: the text ends too early")]
    [InlineData("{\"prompt\": \"a\", \"n\": 2}", "n", "n must be 1")]
    [InlineData("{\"prompt\": \"a\", \"best_of\": 2}", "best_of", "best_of must be 1")]
    [InlineData("{\"prompt\": \"a\", \"seed\": 1.5}", "seed", "seed must be a whole number")]
    [InlineData("{\"prompt\": \"a\", \"max_tokens\": 0}", "max_tokens", "max_tokens must be a whole number of 1 or more")]
    [InlineData("{\"prompt\": \"a\", \"logprobs\": 6}", "logprobs", "logprobs must be a whole number from 0 to 5")]
    public async Task Completions_WrongRequest_SaysInWordsWhatIsWrong(string json, string? parameter, string message)
    {
        (int status, JsonObject body) = await served.PostAsync("v1/completions", json);

        Assert.Equal(400, status);
        Assert.Equal(message, (string?)body["error"]!["message"]);
        Assert.Equal(parameter, (string?)body["error"]!["param"]);
        Assert.Null(body["error"]!["code"]);
    }

    [Fact]
    public async Task Completions_EmptyPrompt_IsNotTooLong()
    {
        (int status, JsonObject body) = await served.PostAsync("v1/completions", """{"prompt": ""}""");

        Assert.Equal(400, status);
        Assert.Equal("prompt", (string?)body["error"]!["param"]);
        Assert.Null(body["error"]!["code"]);
        Assert.StartsWith("prompt must not be empty", (string?)body["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatCompletions_TooLongAConversation_IsRefused()
    {
        string text = string.Concat(Enumerable.Repeat("again and ", 200));
        (int status, JsonObject body) = await served.PostAsync(
            "v1/chat/completions", $$"""{"messages": [{"role": "user", "content": "{{text}}"}], "stream": true}""");

        Assert.Equal(400, status);
        Assert.Equal("context_length_exceeded", (string?)body["error"]!["code"]);
        Assert.Equal("messages", (string?)body["error"]!["param"]);
    }

    [Fact]
    public async Task Completions_ContinueTextsAndIds()
    {
        int[] ids = served.Engine.Tokenizer.EncodePrompt("the small cat");
        CompletionResult own = new TextCompleter(served.Engine).Complete(
            new CompletionRequest(ids, new() { MaxTokens = 16, LogProbabilities = 2 }));
        string list = string.Join(',', ids);

        (int status, JsonObject text) = await served.PostAsync(
            "v1/completions", """{"prompt": "the small cat", "temperature": 0, "logprobs": 2}""");
        (_, JsonObject same) = await served.PostAsync(
            "v1/completions", $$"""{"prompt": [{{list}}], "temperature": 0, "max_tokens": 16}""");

        Assert.Equal(200, status);
        Assert.Equal("text_completion", (string?)text["object"]);
        Assert.Equal(own.Text, (string?)text["choices"]![0]!["text"]);
        Assert.Equal(own.Text, (string?)same["choices"]![0]!["text"]);
        Assert.Equal("length", (string?)text["choices"]![0]!["finish_reason"]);
        JsonNode told = text["choices"]![0]!["logprobs"]!;
        Assert.Equal(16, told["tokens"]!.AsArray().Count);
        Assert.Equal(0, (int)told["text_offset"]![0]!);
        Assert.Equal(
            own.Tokens.Select(token => Math.Round(token.LogProbability!.Value, 6)),
            told["token_logprobs"]!.AsArray().Select(value => Math.Round((double)value!, 6)));
    }

    [Fact]
    public async Task Completions_Stream_IsEventsThatEndWithDone()
    {
        using var content = new StringContent(
            """{"prompt": "the cat", "temperature": 0, "max_tokens": 5, "stream": true}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage reply =
            await served.Http.PostAsync(new Uri("v1/completions", UriKind.Relative), content, Token);
        string[] events = (await reply.Content.ReadAsStringAsync(Token)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/event-stream", reply.Content.Headers.ContentType!.MediaType);
        Assert.All(events, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
        JsonNode[] pieces = [.. events[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!)];
        Assert.Equal("length", (string?)pieces[^1]["choices"]![0]!["finish_reason"]);
        Assert.All(pieces[..^1], piece => Assert.Null(piece["choices"]![0]!["finish_reason"]));
    }

    [Theory]
    [InlineData("GET", "v1/nothing", 404)]
    [InlineData("GET", "v1/chat/completions", 405)]
    [InlineData("GET", "v1/models/other/name", 404)]
    public async Task OtherAddresses_GiveErrorObjects(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage reply = await served.Http.SendAsync(request, Token);

        Assert.Equal(status, (int)reply.StatusCode);
        JsonNode body = JsonNode.Parse(await reply.Content.ReadAsStringAsync(Token))!;
        Assert.NotEmpty(body["error"]!["message"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("health", 200)]
    [InlineData("v1/models", 200)]
    [InlineData("v1/models/other", 404)]
    public async Task Head_TellsTheStatusWithoutABody(string path, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using HttpResponseMessage reply = await served.Http.SendAsync(request, Token);

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Replies_WriteTextPlainly(string streams)
    {
        var engine = new PatientEngine(served.Engine) { Name = "<é> it's 你好" };
        engine.Release();
        await using ModelServer server = await ModelServer.StartAsync(
            engine, new ServerOptions { Port = 0 }, TimeProvider.System, null, Token);
        using var asked = new StringContent(
            $$"""{"prompt": "the cat", "stream": {{streams}}}""", Encoding.UTF8, "application/json");
        using var wrong = new StringContent("""{"prompt": "a", "model": "<é>"}""", Encoding.UTF8, "application/json");
        var address = new Uri(server.Address, "v1/completions");

        using HttpResponseMessage reply = await served.Http.PostAsync(address, asked, Token);
        using HttpResponseMessage refused = await served.Http.PostAsync(address, wrong, Token);

        Assert.Contains("\"model\":\"<é> it's 你好\"", await reply.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Contains("'<é>'", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_FromPagesOfOtherSites_AreRefused()
    {
        using var renamed = new HttpRequestMessage(HttpMethod.Get, "v1/models") { Headers = { Host = "evil.example" } };
        using HttpResponseMessage forbidden = await served.Http.SendAsync(renamed, Token);
        using var plain = new StringContent("""{"prompt": "a"}""", Encoding.UTF8, "text/plain");
        using HttpResponseMessage refused =
            await served.Http.PostAsync(new Uri("v1/completions", UriKind.Relative), plain, Token);

        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Page_LoadsNothingFromElsewhere()
    {
        using HttpResponseMessage reply = await served.Http.GetAsync(new Uri("/", UriKind.Relative), Token);
        string page = await reply.Content.ReadAsStringAsync(Token);

        Assert.Contains("default-src 'none'", reply.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/*script*/", page, StringComparison.Ordinal);
        Assert.Contains("/v1/chat/completions", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_IsAskedForWhereThereIsOne()
    {
        await using ModelServer server = await ModelServer.StartAsync(
            served.Engine, new ServerOptions { Port = 0, Key = "right" }, TimeProvider.System, null, Token);
        async Task<int> Get(string path, string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path));
            request.Headers.Authorization = key is null ? null : new("Bearer", key);
            using HttpResponseMessage reply = await served.Http.SendAsync(request, Token);
            return (int)reply.StatusCode;
        }

        Assert.Equal(401, await Get("v1/models", null));
        Assert.Equal(401, await Get("v1/models", "wrong"));
        Assert.Equal(200, await Get("v1/models", "right"));
        Assert.Equal(200, await Get("health", null));
        Assert.Equal(200, await Get("/", null));
    }

    [Fact]
    public async Task FullQueue_RefusesWith429AndTakesTheNextWhenThereIsRoom()
    {
        var engine = new PatientEngine(served.Engine);
        var options = new ServerOptions { Port = 0, Parallel = 1, Waiting = 1 };
        await using ModelServer server =
            await ModelServer.StartAsync(engine, options, TimeProvider.System, null, Token);
        Task<HttpResponseMessage> first = Ask(server);
        await engine.BegunAsync(1, Token);
        Task<HttpResponseMessage> second = Ask(server);
        await UntilAsync(() => server.Present == 2);

        using HttpResponseMessage refused = await Ask(server);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        JsonNode body = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Token))!;
        Assert.Equal("queue_full", (string?)body["error"]!["code"]);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        engine.Release();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClientThatLeaves_EndsItsGenerationAndFreesItsPlace(bool streams)
    {
        var engine = new PatientEngine(served.Engine);
        var options = new ServerOptions { Port = 0, Parallel = 1, Waiting = 0 };
        await using ModelServer server =
            await ModelServer.StartAsync(engine, options, TimeProvider.System, null, Token);
        using var leaving = new CancellationTokenSource();
        Task<HttpResponseMessage> gone = Ask(server, streams, leaving.Token);
        await engine.BegunAsync(1, Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await engine.EndedAsync(1, Token);
        await UntilAsync(() => server.Present == 0);

        engine.Release();
        using HttpResponseMessage next = await Ask(server);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task FailureOfTheModel_TellsNoInsides()
    {
        var problems = new List<Exception>();
        var engine = new PatientEngine(served.Engine) { Failure = new InvalidOperationException("secret path") };
        await using ModelServer server = await ModelServer.StartAsync(
            engine, new ServerOptions { Port = 0 }, TimeProvider.System, problems.Add, Token);

        using HttpResponseMessage reply = await Ask(server, streams: true, Token);
        string body = await reply.Content.ReadAsStringAsync(Token);

        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.Equal("secret path", Assert.Single(problems).Message);
    }

    [Fact]
    public async Task FailureInTheMiddleOfAStream_IsItsLastEvent()
    {
        var engine = new PatientEngine(served.Engine)
        {
            Failure = new NumericalException("the model gave logits that are not numbers"),
            FailsAfterTokens = 2,
        };
        await using ModelServer server = await ModelServer.StartAsync(
            engine, new ServerOptions { Port = 0 }, TimeProvider.System, null, Token);

        using HttpResponseMessage reply = await Ask(server, streams: true, Token);
        string[] events = (await reply.Content.ReadAsStringAsync(Token)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Contains("logits that are not numbers", events[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", 0, 1, "is not an address")]
    [InlineData("127.0.0.1", 70000, 1, "port must be from 0 to 65535")]
    [InlineData("127.0.0.1", 0, 0, "parallel must be from 1 to 256")]
    public async Task Options_OutOfRange_AreRefused(string host, int port, int parallel, string message)
    {
        var options = new ServerOptions { Host = host, Port = port, Parallel = parallel };
        var refused = await Assert.ThrowsAsync<ConfigurationException>(
            () => ModelServer.StartAsync(served.Engine, options, TimeProvider.System, null, Token));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortThatIsTaken_IsNamed()
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => ModelServer.StartAsync(
            served.Engine, new ServerOptions { Port = served.Address.Port }, TimeProvider.System, null, Token));
        Assert.Contains("give another port", refused.Message, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (!holds())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private async Task<HttpResponseMessage> Ask(ModelServer server, bool streams, CancellationToken cancellation)
    {
        string body = $$"""{"prompt": "the cat", "temperature": 0, "max_tokens": 4, "stream": {{(streams ? "true" : "false")}}}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await served.Http.PostAsync(new Uri(server.Address, "v1/completions"), content, cancellation);
    }

    private Task<HttpResponseMessage> Ask(ModelServer server) => Ask(server, streams: false, Token);
}
