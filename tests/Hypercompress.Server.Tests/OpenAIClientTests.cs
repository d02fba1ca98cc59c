using System.ClientModel;
using System.Text;
using Hypercompress.Models.Generation;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Hypercompress.Server.Tests;

/// <summary>The clients that programs use, against the server.</summary>
public sealed class OpenAIClientTests(ServedModel served) : IClassFixture<ServedModel>
{
    private const string Question = "the green dog went into the river";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CompleteChat_Greedy_IsWhatTheModelSays()
    {
        CompletionResult own = served.Alone(Question, new() { MaxTokens = 24 });

        ChatCompletion reply = await served.Client().CompleteChatAsync(
            [new UserChatMessage(Question)], Options(tokens: 24), Token);

        Assert.Equal(own.Text, reply.Content[0].Text);
        Assert.Equal(OpenAI.Chat.ChatFinishReason.Length, reply.FinishReason);
        Assert.Equal(ChatMessageRole.Assistant, reply.Role);
        Assert.Equal(served.Engine.Name, reply.Model);
        Assert.Equal(served.Prompt(Question).Length, reply.Usage.InputTokenCount);
        Assert.Equal(24, reply.Usage.OutputTokenCount);
        Assert.Equal(reply.Usage.InputTokenCount + 24, reply.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task CompleteChatStreaming_GivesTheSameTextPieceByPiece()
    {
        CompletionResult own = served.Alone(Question, new() { MaxTokens = 24 });
        var text = new StringBuilder();
        var pieces = new List<StreamingChatCompletionUpdate>();

        await foreach (StreamingChatCompletionUpdate piece in served.Client().CompleteChatStreamingAsync(
            [new UserChatMessage(Question)], Options(tokens: 24), Token))
        {
            pieces.Add(piece);
            text.AppendJoin("", piece.ContentUpdate.Select(part => part.Text));
        }

        Assert.Equal(own.Text, text.ToString());
        Assert.True(pieces.Count > 8, $"only {pieces.Count} pieces");
        Assert.Single(pieces.Select(piece => piece.CompletionId).Distinct());
        Assert.Equal(
            OpenAI.Chat.ChatFinishReason.Length, Assert.Single(pieces, piece => piece.FinishReason is not null).FinishReason);
        Assert.Equal(24, Assert.Single(pieces, piece => piece.Usage is not null).Usage.OutputTokenCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CompleteChat_StopText_EndsBeforeIt(bool streams)
    {
        string whole = served.Alone(Question, new() { MaxTokens = 40 }).Text;
        string stop = whole.Substring(whole.Length / 2, 3);
        ChatCompletionOptions options = Options(tokens: 40);
        options.StopSequences.Add("never said");
        options.StopSequences.Add(stop);

        string text;
        OpenAI.Chat.ChatFinishReason? reason;
        if (streams)
        {
            List<StreamingChatCompletionUpdate> pieces = await served.Client()
                .CompleteChatStreamingAsync([new UserChatMessage(Question)], options, Token).ToListAsync(Token);
            text = string.Concat(pieces.SelectMany(piece => piece.ContentUpdate).Select(part => part.Text));
            reason = pieces.Select(piece => piece.FinishReason).Single(one => one is not null);
        }
        else
        {
            ChatCompletion reply =
                await served.Client().CompleteChatAsync([new UserChatMessage(Question)], options, Token);
            (text, reason) = (reply.Content[0].Text, reply.FinishReason);
        }

        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], text);
        Assert.Equal(OpenAI.Chat.ChatFinishReason.Stop, reason);
    }

    [Fact]
    public async Task CompleteChat_Seed_DecidesTheText()
    {
        async Task<string> Say(long? seed)
        {
#pragma warning disable OPENAI001 // The seed is marked as being for evaluation.
            ChatCompletionOptions options = Options(tokens: 24, temperature: 1.5f);
            options.Seed = seed;
#pragma warning restore OPENAI001
            ChatCompletion reply =
                await served.Client().CompleteChatAsync([new UserChatMessage(Question)], options, Token);
            return reply.Content[0].Text;
        }

        string first = await Say(7);
        Assert.Equal(first, await Say(7));
        Assert.NotEqual(first, await Say(8));
        Assert.NotEqual(await Say(null), await Say(null));
        Assert.Equal(
            served.Alone(Question, new() { MaxTokens = 24, Temperature = 1.5, Seed = 7 }).Text, first);
    }

    [Fact]
    public async Task CompleteChat_LogProbabilities_AreThoseOfTheModel()
    {
        CompletionResult own = served.Alone(Question, new() { MaxTokens = 6, LogProbabilities = 3 });
        ChatCompletionOptions options = Options(tokens: 6);
        options.IncludeLogProbabilities = true;
        options.TopLogProbabilityCount = 3;

        ChatCompletion reply =
            await served.Client().CompleteChatAsync([new UserChatMessage(Question)], options, Token);

        Assert.Equal(6, reply.ContentTokenLogProbabilities.Count);
        foreach ((GeneratedToken expected, ChatTokenLogProbabilityDetails told) in
            own.Tokens.Zip(reply.ContentTokenLogProbabilities))
        {
            Assert.Equal(expected.LogProbability!.Value, told.LogProbability, 1e-5);
            Assert.Equal(3, told.TopLogProbabilities.Count);
            Assert.Equal(told.LogProbability, told.TopLogProbabilities[0].LogProbability, 1e-5);
            Assert.True(told.LogProbability < 0);
            Assert.Equal(expected.Best.Select(best => best.LogProbability),
                expected.Best.Select(best => best.LogProbability).OrderDescending());
        }
    }

    [Fact]
    public async Task CompleteChat_WrongValue_GivesAnErrorObject()
    {
        ClientResultException problem = await Assert.ThrowsAsync<ClientResultException>(
            () => served.Client().CompleteChatAsync(
                [new UserChatMessage(Question)], Options(tokens: 4, temperature: 3), Token));

        Assert.Equal(400, problem.Status);
        Assert.Contains("temperature must be a number from 0 to 2", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteChat_OtherModel_IsNotFound()
    {
        ClientResultException problem = await Assert.ThrowsAsync<ClientResultException>(
            () => ServedModel.Client(served.Address, "gpt-4o").CompleteChatAsync([new UserChatMessage("a")], null, Token));

        Assert.Equal(404, problem.Status);
        Assert.Contains(served.Engine.Name, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_AreListed()
    {
        var client = new OpenAIModelClient(
            new ApiKeyCredential("unused"), new OpenAIClientOptions { Endpoint = new Uri(served.Address, "v1") });

        OpenAIModelCollection all = await client.GetModelsAsync(Token);

        Assert.Equal([served.Engine.Name], all.Select(model => model.Id));
        Assert.Equal(served.Engine.Name, (await client.GetModelAsync(served.Engine.Name, Token)).Value.Id);
    }

    [Fact]
    public async Task TwoClientsAtOnce_GetWhatEachGetsAlone()
    {
        string[] questions = [.. Enumerable.Range(0, 6).Select(i => $"the old friend sang {i}")];
        string[] alone = [.. questions.Select(question => served.Alone(question, new() { MaxTokens = 16 }).Text)];

        ChatCompletion[] together = await Task.WhenAll(questions.Select(async question =>
            (await served.Client().CompleteChatAsync([new UserChatMessage(question)], Options(tokens: 16), Token)).Value));

        Assert.Equal(alone, together.Select(reply => reply.Content[0].Text));
    }

    [Fact]
    public async Task ExtensionsClient_AnswersAndStreams()
    {
        using IChatClient client = served.Client().AsIChatClient();
        ChatMessage[] messages = [new(ChatRole.System, "be kind"), new(ChatRole.User, Question)];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 12 };

        ChatResponse reply = await client.GetResponseAsync(messages, options, Token);
        ChatResponse streamed =
            await client.GetStreamingResponseAsync(messages, options, Token).ToChatResponseAsync(Token);

        Assert.NotEmpty(reply.Text);
        Assert.Equal(reply.Text, streamed.Text);
        Assert.Equal(12, reply.Usage!.OutputTokenCount);
        Assert.Equal(12, streamed.Usage!.OutputTokenCount);
    }

    private static ChatCompletionOptions Options(int tokens, float temperature = 0) =>
        new() { Temperature = temperature, MaxOutputTokenCount = tokens };
}
