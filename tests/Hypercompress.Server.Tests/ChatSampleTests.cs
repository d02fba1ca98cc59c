using System.Collections.Concurrent;
using Hypercompress.Chat;
using OpenAI.Chat;

namespace Hypercompress.Server.Tests;

/// <summary>The sample program that asks a model and that serves it.</summary>
public sealed class ChatSampleTests(ServedModel served) : IClassFixture<ServedModel>
{
    private const string Question = "the cat went into the garden";

    [Fact]
    public async Task Ask_WritesWhatTheModelSays()
    {
        using var output = new StringWriter();

        Assert.Equal(0, await ChatSample.RunAsync(served.Folder, Question, output));

        Assert.Equal(served.Alone(Question, new() { MaxTokens = 64 }).Text + Environment.NewLine, output.ToString());
    }

    [Fact]
    public async Task Serve_AnswersUntilALineIsEntered()
    {
        using var lines = new BlockingCollection<string>();
        using var output = new StringWriter();
        Task<int> serving = Task.Run(
            () => ServingSample.RunAsync(served.Folder, output, new WaitingReader(lines)),
            TestContext.Current.CancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!output.ToString().EndsWith(Environment.NewLine, StringComparison.Ordinal))
        {
            await Task.Delay(10, limit.Token);
        }

        ChatClient client = ServedModel.Client(new Uri(output.ToString().Trim()[..^2]), served.Engine.Name);
        ChatCompletion reply = await client.CompleteChatAsync(
            [new UserChatMessage(Question)],
            new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 16 },
            TestContext.Current.CancellationToken);
        lines.Add("", TestContext.Current.CancellationToken);

        Assert.Equal(served.Alone(Question, new() { MaxTokens = 16 }).Text, reply.Content[0].Text);
        Assert.Equal(0, await serving);
    }

    private sealed class WaitingReader(BlockingCollection<string> lines) : TextReader
    {
        public override Task<string?> ReadLineAsync() => Task.Run(string? () => lines.Take());
    }
}
