using Hypercompress.Extensions.AI;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Microsoft.Extensions.AI;

namespace Hypercompress.Server.Tests;

/// <summary>The chat client of this process, without a server.</summary>
public sealed class TextEngineChatClientTests(ServedModel served) : IClassFixture<ServedModel>
{
    private const string Question = "the green dog went into the river";

    private static readonly ChatOptions Greedy = new() { Temperature = 0, MaxOutputTokens = 20 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetResponse_Greedy_IsWhatTheModelSays()
    {
        using var client = new TextEngineChatClient(served.Engine);

        ChatResponse reply = await client.GetResponseAsync(Question, Greedy, Token);

        Assert.Equal(served.Alone(Question, new() { MaxTokens = 20 }).Text, reply.Text);
        Assert.Equal(ChatFinishReason.Length, reply.FinishReason);
        Assert.Equal(served.Engine.Name, reply.ModelId);
        Assert.Equal(served.Prompt(Question).Length, reply.Usage!.InputTokenCount);
        Assert.Equal(20, reply.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task GetStreamingResponse_GivesTheSameTextPieceByPiece()
    {
        using var client = new TextEngineChatClient(served.Engine);

        List<ChatResponseUpdate> pieces =
            await client.GetStreamingResponseAsync(Question, Greedy, Token).ToListAsync(Token);

        Assert.True(pieces.Count > 5);
        Assert.Equal(served.Alone(Question, new() { MaxTokens = 20 }).Text, pieces.ToChatResponse().Text);
        Assert.Equal(20, pieces.ToChatResponse().Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task GetStreamingResponse_WhoReadsNoFurther_EndsTheGeneration()
    {
        var engine = new PatientEngine(served.Engine);
        using var client = new TextEngineChatClient(engine);
        using var leaving = new CancellationTokenSource();
        Task<List<ChatResponseUpdate>> reading =
            client.GetStreamingResponseAsync(Question, Greedy, leaving.Token).ToListAsync(leaving.Token).AsTask();
        await engine.BegunAsync(1, Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await engine.EndedAsync(1, Token);
    }

    [Fact]
    public async Task GetResponse_Options_AreFollowed()
    {
        using var client = new TextEngineChatClient(served.Engine);
        string whole = served.Alone(Question, new() { MaxTokens = 40 }).Text;
        string stop = whole.Substring(whole.Length / 2, 3);
        async Task<string> Draw(long seed) => (await client.GetResponseAsync(
            Question, new ChatOptions { Temperature = 1.5f, Seed = seed, MaxOutputTokens = 20 }, Token)).Text;

        ChatResponse stopped = await client.GetResponseAsync(
            Question, new ChatOptions { Temperature = 0, MaxOutputTokens = 40, StopSequences = [stop] }, Token);

        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], stopped.Text);
        Assert.Equal(ChatFinishReason.Stop, stopped.FinishReason);
        Assert.Equal(await Draw(1), await Draw(1));
        Assert.NotEqual(await Draw(1), await Draw(2));
        Assert.NotEqual(
            (await client.GetResponseAsync(Question, Greedy, Token)).Text,
            (await client.GetResponseAsync(
                Question, new ChatOptions { Temperature = 0, MaxOutputTokens = 20, Instructions = "sing again" }, Token)).Text);
    }

    [Fact]
    public async Task GetResponse_WhatNoModelHereDoes_IsRefused()
    {
        using var client = new TextEngineChatClient(served.Engine);
        ChatOptions[] refused =
        [
            new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] },
            new() { ResponseFormat = ChatResponseFormat.Json },
            new() { FrequencyPenalty = 0.5f },
            new() { PresencePenalty = 0.5f },
            new() { ModelId = "other" },
            new() { TopP = 2 },
        ];

        foreach (ChatOptions options in refused)
        {
            await Assert.ThrowsAsync<ConfigurationException>(() => client.GetResponseAsync(Question, options, Token));
        }

        await Assert.ThrowsAsync<ConfigurationException>(() => client.GetResponseAsync(
            [new ChatMessage(ChatRole.User, [new UriContent("http://localhost/a.png", "image/png")])], Greedy, Token));
        await Assert.ThrowsAsync<ConfigurationException>(() => client.GetResponseAsync(
            [new ChatMessage(ChatRole.Tool, "a")], Greedy, Token));
    }

    [Fact]
    public void GetService_GivesWhatIsBehind()
    {
        using IChatClient client = new TextEngineChatClient(served.Engine);

        Assert.Equal(served.Engine.Name, client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Same(served.Engine, client.GetService<ITextEngine>());
        Assert.Same(client, client.GetService<TextEngineChatClient>());
        Assert.Null(client.GetService<string>());
    }
}
