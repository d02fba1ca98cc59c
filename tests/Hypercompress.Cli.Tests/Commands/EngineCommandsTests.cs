using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

/// <summary>The verbs that run a model from its codes.</summary>
public sealed class EngineCommandsTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const string Template =
        "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Generate_EitherEngine_MakesAText(bool compressed)
    {
        string model = compressed ? workspace.Artifact : workspace.Model;
        string[] args =
        [
            "generate", model, "--prompt", "the old dog", "--max-tokens", "6", "--ignore-end", "--threads", "2",
            "--json",
        ];

        JsonObject integer = Workspace.Run([.. args, "--engine", "integer"]).Expect(ExitCode.Done).Json;
        JsonObject standard = Workspace.Run(args).Expect(ExitCode.Done).Json;
        JsonObject single = Workspace.Run([.. args, "--engine", "float"]).Expect(ExitCode.Done).Json;

        Assert.Equal(integer["token_ids"]!.ToJsonString(), standard["token_ids"]!.ToJsonString());
        Assert.Equal((int)single["token_ids"]![0]!, (int)integer["token_ids"]![0]!);
        Assert.Equal(6, integer["token_ids"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Evaluate_IntegerEngine_IsNearTheFloatEngine(bool compressed)
    {
        string model = compressed ? workspace.Artifact : workspace.Model;

        JsonObject document = Workspace.Run(
            "evaluate", model, "--teacher", model, "--text", workspace.Validation, "--window", "64", "--max-tokens",
            "256", "--engine", "integer", "--threads", "1", "--json").Expect(ExitCode.Done).Json;

        Assert.InRange((double)document["comparison"]![0]!["kl"]!, 0, 1e-3);
    }

    [Fact]
    public void Evaluate_TasksByIntegers_AreRefused() => Workspace.Run(
            "evaluate", workspace.Model, "--tasks", "copa", "--data-dir", workspace.Of("."), "--engine", "integer")
        .Expect(ExitCode.Usage, "--engine integer", "--tasks");

    [Fact]
    public void Evaluate_CacheOfTheIntegerEngine_IsRefusedWithTheOther()
    {
        string[] args =
            ["evaluate", workspace.Model, "--text", workspace.Validation, "--max-tokens", "128", "--cache", "q8"];
        Workspace.Run(args).Expect(ExitCode.Usage, "--cache", "--engine integer");
        Workspace.Run([.. args, "--engine", "integer", "--json"]).Expect(ExitCode.Done);
    }

    [Theory]
    [InlineData("integer")]
    [InlineData("float")]
    public void Bench_GivesRatesAndBytes(string engine)
    {
        string[] args =
        [
            "bench", workspace.Model, "--prefill", "16", "--decode", "4", "--repetitions", "2", "--threads", "1",
            "--engine", engine,
        ];

        JsonObject document = Workspace.Run([.. args, "--json"]).Expect(ExitCode.Done).Json;

        Assert.Equal(engine, (string?)document["engine"]);
        foreach (string part in new[] { "prefill", "decode" })
        {
            JsonNode rates = document["tokens_per_second"]![part]!;
            Assert.True((double)rates["median"]! > 0);
            Assert.True((double)rates["mean"]! > 0);
            Assert.True((double)rates["stddev"]! >= 0);
        }

        Assert.True((long)document["kv_bytes_per_token"]! > 0);
        Assert.True((double)document["load_seconds"]! > 0);
        Assert.True((long)document["bytes_per_token"]! > 0);
        Assert.True((long)document["peak_rss_bytes"]! > 0);
        Assert.True((double)document["read_bytes_per_second"]! > 0);
        Assert.Contains("tokens/s", Workspace.Run(args).Expect(ExitCode.Done).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_LeavesOutWhatIsNotAsked()
    {
        JsonObject document = Workspace.Run(
            "bench", workspace.Model, "--prefill", "0", "--decode", "2", "--repetitions", "1", "--json")
            .Expect(ExitCode.Done).Json;

        Assert.Null(document["tokens_per_second"]!["prefill"]);
        Assert.NotNull(document["tokens_per_second"]!["decode"]);
    }

    [Theory]
    [InlineData("--prefill", "-1")]
    [InlineData("--repetitions", "0")]
    [InlineData("--decode", "4000")]
    public void Bench_NumberOutOfRange_IsRefused(string option, string value) =>
        Workspace.Run("bench", workspace.Model, option, value).Expect(ExitCode.Usage);

    [Fact]
    public void Chat_RedirectedInput_IsAnsweredMessageByMessage()
    {
        string model = ChatModel("chat");

        CliResult result = Workspace.RunTyped(
            "the dog\n/stats\n/help\nthe \\\ncat\n\"\"\"\ntwo\nlines\n\"\"\"\n/reset\n/stats\n/nonsense\n/exit\nnever\n",
            "chat", model, "--max-tokens", "5", "--ignore-end", "--threads", "1").Expect(
            ExitCode.Done, "1 message answered", "/reset", "what was said is forgotten", "there is no reply yet", "/nonsense is no command");

        Assert.True(result.Output.Split(Environment.NewLine).Length >= 4);
    }

    [Fact]
    public void Chat_ConversationIsTooLong_SaysSoAndGoesOn() => Workspace.RunTyped(
            string.Join(' ', Enumerable.Repeat("garden", 100)) + "\n/reset\nthe dog\n/stats\n",
            "chat", ChatModel("long"), "--max-tokens", "2", "--ignore-end", "--threads", "1")
        .Expect(ExitCode.Done, "/reset forgets what was said", "1 message answered");

    // The second reply goes on behind both texts and the first reply.
    [Fact]
    public void Chat_ModelWithoutTemplate_ContinuesTheText()
    {
        CliResult run = Workspace.RunTyped(
            "the dog\nwent\n/stats\n",
            "chat", workspace.Model, "--max-tokens", "4", "--ignore-end", "--threads", "1")
            .Expect(ExitCode.Done, "2 messages answered");

        Assert.Matches(@"last prompt 1\d tokens", run.Messages);
    }

    private string ChatModel(string name)
    {
        string model = workspace.Copy(workspace.Model, name);
        string file = Path.Combine(model, "tokenizer_config.json");
        JsonObject settings = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        settings["chat_template"] = Template;
        File.WriteAllText(file, settings.ToJsonString());
        return model;
    }
}
