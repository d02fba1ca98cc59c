using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Generation.Drawing;

namespace Hypercompress.Models.Tests.Generation;

public sealed class TokenSamplerTests
{
    [Fact]
    public void Next_GreedyWithTies_TakesTheLowestId() =>
        Assert.Equal([1], Draws(new(), [0f, 3f, 2f, 3f, 3f]).Distinct());

    [Fact]
    public void Next_Draws_FollowTheProbabilities()
    {
        float[] logits = [MathF.Log(0.6f), MathF.Log(0.1f), MathF.Log(0.3f)];
        int[] draws = Draws(new() { Temperature = 1, Seed = 3 }, logits, 2000);
        Assert.Equal(0.6, draws.Count(id => id == 0) / 2000.0, 0.04);
        Assert.Equal(0.1, draws.Count(id => id == 1) / 2000.0, 0.04);
    }

    [Fact]
    public void Next_TopK_LeavesTheRestOut() =>
        Assert.Equal([1, 3], Draws(new() { Temperature = 5, TopK = 2 }, [0f, 2f, 1f, 3f]).Distinct().Order());

    [Fact]
    public void Next_TopP_KeepsTheFewestThatReachIt()
    {
        float[] logits = [MathF.Log(0.1f), MathF.Log(0.5f), MathF.Log(0.4f)];
        Assert.Equal([1], Draws(new() { Temperature = 1, TopP = 0.45 }, logits).Distinct());
        Assert.Equal([1, 2], Draws(new() { Temperature = 1, TopP = 0.8 }, logits).Distinct().Order());
    }

    [Fact]
    public void Next_TopPOverFarTokens_IsThatOfASort()
    {
        // The best token is so far ahead that the others are looked at only because the nucleus needs them.
        float[] logits = [0f, 20f, 1f, 2f, -1f];
        var options = new SamplingOptions { Temperature = 1, TopP = 1 - 4e-9 };
        TokenDistribution chances = TokenDistribution.Of(logits, 1, 0, options.TopP);
        Assert.True(chances.Of(1) > 0 && chances.Of(3) > 0 && chances.Of(2) > 0);
        Assert.Equal(0, chances.Of(4));
        Assert.Equal(1, Enumerable.Range(0, 5).Sum(chances.Of), 12);
    }

    [Fact]
    public void Take_LogProbabilities_AreThoseOfTheLogits()
    {
        float[] logits = [MathF.Log(0.2f), MathF.Log(0.5f), MathF.Log(0.3f)];
        GeneratedToken token = new TokenSampler(new() { LogProbabilities = 2 }).Take(logits);
        Assert.Equal((1, 0.5), (token.Id, Math.Round(Math.Exp(token.LogProbability!.Value), 5)));
        Assert.Equal([1, 2], token.Best.Select(choice => choice.Id));
        Assert.Equal(0.3, Math.Exp(token.Best[1].LogProbability), 5);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(0, 0.85)]
    public void Judge_WhateverIsProposed_GivesTheProbabilitiesOfTheLargeModel(int topK, double topP)
    {
        float[] large = [1.2f, 0.4f, -0.7f, 0.9f];
        float[] small = [-0.5f, 1.5f, 0.3f, 0.2f];
        var options = new SamplingOptions { Temperature = 0.8, TopK = topK, TopP = topP, Seed = 9 };
        var sampler = new TokenSampler(options);
        var counts = new int[4];
        const int Draws = 40_000;
        for (int i = 0; i < Draws; i++)
        {
            (int id, TokenDistribution? chance) = sampler.Propose(small);
            counts[sampler.Judge(large, id, chance).Id]++;
        }

        TokenDistribution wanted = TokenDistribution.Of(large, options.Temperature, topK, topP);
        Assert.All(
            Enumerable.Range(0, 4), id => Assert.Equal(wanted.Of(id), counts[id] / (double)Draws, 0.012));
    }

    [Fact]
    public void Next_NotANumber_IsRefused() =>
        Assert.Throws<NumericalException>(() => Draws(new(), [0f, float.NaN]));

    private static int[] Draws(SamplingOptions options, float[] logits, int count = 200)
    {
        var sampler = new TokenSampler(options);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Next(logits))];
    }
}
