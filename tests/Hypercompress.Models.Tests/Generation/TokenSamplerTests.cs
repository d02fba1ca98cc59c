using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Generation;

[NoTensorLeaks]
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
    public void Next_NotANumber_IsRefused() =>
        Assert.Throws<NumericalException>(() => Draws(new(), [0f, float.NaN]));

    private static int[] Draws(SamplingOptions options, float[] logits, int count = 200)
    {
        using var sampler = new TokenSampler(options);
        using var values = tensor(logits);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Next(values))];
    }
}
