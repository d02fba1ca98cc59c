using System.ClientModel;
using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Packages;
using OpenAI;
using OpenAI.Chat;

namespace Hypercompress.Server.Tests;

/// <summary>A tiny chat model behind a server on a free port of this machine.</summary>
public sealed class ServedModel : IAsyncLifetime
{
    private const string Template =
        "{% for m in messages %}<s>{{ m.role }}: {{ m.content }}\n{% endfor %}"
        + "{% if add_generation_prompt %}assistant: {% endif %}";

    private readonly ScratchFolder _folder = new();
    private LanguageModel? _model;
    private ModelServer? _server;

    /// <summary>The model's folder.</summary>
    internal string Folder => _folder.Of("tiny-chat");

    internal ITextEngine Engine { get; private set; } = null!;

    internal Uri Address => _server!.Address;

    internal HttpClient Http { get; } = new();

    public async ValueTask InitializeAsync()
    {
        string folder = TinyCheckpoint.Write(_folder.Of("tiny-chat"));
        JsonObject settings = new()
        {
            ["bos_token"] = "<s>",
            ["eos_token"] = "</s>",
            ["chat_template"] = Template,
        };
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), settings.ToJsonString());
        using ModelPackage package = ModelPackage.Open(folder);
        _model = LanguageModel.Load(package);
        Engine = new ModelTextEngine(_model, TimeProvider.System);
        _server = await ModelServer.StartAsync(
            Engine, new ServerOptions { Port = 0 }, TimeProvider.System, null, TestContext.Current.CancellationToken);
        Http.BaseAddress = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server!.DisposeAsync();
        _model!.Dispose();
        _folder.Dispose();
    }

    /// <summary>The client of the OpenAI package.</summary>
    internal ChatClient Client() => Client(Address, Engine.Name);

    internal static ChatClient Client(Uri address, string model) => new(
        model,
        new ApiKeyCredential("unused"),
        new OpenAIClientOptions { Endpoint = new Uri(address, "v1") });

    /// <summary>What the engine itself answers.</summary>
    internal CompletionResult Alone(string message, SamplingOptions sampling) =>
        new TextCompleter(Engine).Complete(new CompletionRequest(Prompt(message), sampling));

    internal int[] Prompt(string message) =>
        new ChatEncoder(Engine.Tokenizer, Engine.Name, TimeProvider.System).Encode([new("user", message)]);

    internal async Task<(int Status, JsonObject Body)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage reply =
            await Http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        string body = await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)reply.StatusCode, JsonNode.Parse(body)!.AsObject());
    }
}
