using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Tasks;

/// <summary>Every prompt of every golden file, letter by letter.</summary>
public sealed class PromptParityTests
{
    public static TheoryData<string> Files => [.. GoldenTask.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Prepare_GivesThePromptsOfTheHarness(string name)
    {
        using var golden = new GoldenTask(name, limit: int.MaxValue);
        PreparedTask task = new TaskPreparation(golden.Options)
            .Prepare(TaskLibrary.Select(golden.Options.AllTasks).Tasks.Single());

        Assert.Equal(golden.Items.Length, task.Items.Length);
        Assert.All(golden.Items.Zip(task.Items), pair => Check(pair.First, pair.Second));
    }

    [Fact]
    public void Prepare_WikiText_DetokenizesAsTheHarness()
    {
        JsonNode golden = JsonNode.Parse(File.ReadAllText(SharedFiles.Require("golden/eval/metric_vectors.json")))!;
        JsonNode[] pages = [.. golden["wikitext_detokenizer"]!.AsArray().Select(page => page!)];
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch.Of("wikitext"));
        scratch.Write("wikitext/test.jsonl", string.Join('\n', pages.Select(
            page => new JsonObject { ["page"] = (string)page["page"]! }.ToJsonString())));
        var options = new EvaluationOptions { DataDir = scratch.Path };
        PreparedTask task = new TaskPreparation(options).Prepare(TaskLibrary.Select(["wikitext"]).Tasks.Single());

        Assert.All(pages.Zip(task.Items), pair =>
        {
            Assert.Equal((string)pair.First["detokenized"]!, pair.Second.Requests[0].Context);
            Assert.Equal((int)pair.First["words"]!, pair.Second.Words);
            Assert.Equal((int)pair.First["bytes"]!, pair.Second.Bytes);
        });
    }

    private static void Check(JsonNode golden, TaskItem item)
    {
        Assert.Equal((int)golden["index"]!, item.Index);
        if (golden["prompts"] is JsonArray prompts)
        {
            Assert.Equal(prompts.Select(prompt => (string)prompt!), item.Requests.Select(request => request.Context));
        }
        else
        {
            string hash = (string)(golden["prompt_sha256"] ?? golden["text_sha256"])!;
            Assert.All(item.Requests, request => Assert.Equal(hash, Hash(request.Context)));
        }

        if (golden["continuations"] is JsonArray continuations)
        {
            Assert.Equal(
                continuations.Select(one => (string)one!), item.Requests.Select(request => request.Continuation));
            Assert.Equal((int)golden["gold"]!, item.Gold);
        }
        else if (golden["target"] is { } target)
        {
            Assert.Equal((string)target!, item.Target);
        }
        else
        {
            Assert.Equal(((int)golden["words"]!, (int)golden["bytes"]!), (item.Words, item.Bytes));
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
