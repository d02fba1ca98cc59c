using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Packages;

namespace Hypercompress.Server.Tests;

/// <summary>Requests that are answered at the same time by the integer engine.</summary>
public sealed class ParallelRequestsTests(ServedModel served) : IClassFixture<ServedModel>
{
    // Different lengths, seeds and ends.
    private static readonly string[] Requests =
    [
        """{"prompt": "the small cat", "max_tokens": 40, "temperature": 0}""",
        """{"prompt": "a", "max_tokens": 60, "temperature": 1, "seed": 3}""",
        """{"prompt": "the dog and the bird and the cat and the dog", "max_tokens": 25, "temperature": 1, "seed": 5}""",
        """{"prompt": "again and", "max_tokens": 60, "temperature": 1, "seed": 7, "stop": ["e", "t"]}""",
        """{"prompt": "some", "max_tokens": 30, "temperature": 0.7, "top_p": 0.9, "seed": 11, "logprobs": 2}""",
        """{"prompt": "bird", "max_tokens": 50, "temperature": 1.5, "top_k": 20, "seed": 13}""",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Completions_SeveralAtOnceOneOfThemCancelled_AreThoseOfOneAfterTheOther()
    {
        using LanguageModel model = Open();
        List<string> alone = [];
        using (IntegerDecoder decoder = IntegerDecoder.Of(model.Decoder, 2))
        {
            await using ModelServer server = await StartAsync(model, decoder, new() { Port = 0, Parallel = 1 });
            foreach (string request in Requests)
            {
                alone.Add(await ChoiceAsync(server, request));
            }
        }

        using IntegerDecoder shared = IntegerDecoder.Of(model.Decoder, 2);
        await using ModelServer together = await StartAsync(model, shared, new() { Port = 0, Parallel = 4 });
        Task gone = LeaveAsync(together);

        string[] found = await Task.WhenAll(Requests.Select(request => ChoiceAsync(together, request)));

        await gone;
        Assert.Equal(alone, found);
        while (together.Present > 0)
        {
            await Task.Delay(10, Token);
        }
    }

    // Closes the connection after the first bytes of a long reply.
    private async Task LeaveAsync(ModelServer server)
    {
        using HttpRequestMessage request = Post(
            server, """{"prompt": "the cat", "max_tokens": 120, "temperature": 1, "seed": 1, "stream": true}""");
        using HttpResponseMessage reply = await served.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, Token);
        await using Stream body = await reply.Content.ReadAsStreamAsync(Token);
        await body.ReadExactlyAsync(new byte[100], Token);
    }

    private async Task<string> ChoiceAsync(ModelServer server, string json)
    {
        using HttpRequestMessage request = Post(server, json);
        using HttpResponseMessage reply = await served.Http.SendAsync(request, Token);
        string body = await reply.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return JsonNode.Parse(body)!["choices"]!.ToJsonString();
    }

    private static HttpRequestMessage Post(ModelServer server, string json) =>
        new(HttpMethod.Post, new Uri(server.Address, "v1/completions"))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };

    private static Task<ModelServer> StartAsync(LanguageModel model, IntegerDecoder decoder, ServerOptions options) =>
        ModelServer.StartAsync(
            new ModelTextEngine(new TextGenerator(model.Text, decoder, TimeProvider.System)),
            options,
            TimeProvider.System,
            null,
            Token);

    private LanguageModel Open()
    {
        using ModelPackage package = ModelPackage.Open(served.Folder);
        return LanguageModel.Load(package);
    }
}
