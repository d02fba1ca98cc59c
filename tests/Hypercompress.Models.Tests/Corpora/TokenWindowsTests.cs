using System.Text.Json;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Loading;
using TorchSharp;

namespace Hypercompress.Models.Tests.Corpora;

public sealed class TokenWindowsTests
{
    [Fact]
    public void Windows_LastPartialWindow_IsDropped()
    {
        var windows = new TokenStream([.. Enumerable.Range(0, 11)]).Windows(4);
        Assert.Equal(2, windows.Count);
        Assert.Equal([4, 5, 6, 7], windows[1].ToArray());
        Assert.Single(new TokenStream([.. Enumerable.Range(0, 11)]).Windows(4, maxWindows: 1));
        Assert.Empty(new TokenStream([1, 2]).Windows(4));
    }

    [Fact]
    public void ToTensor_Windows_AreRowsOfInt64()
    {
        using var scope = torch.NewDisposeScope();
        var tensor = new TokenStream([.. Enumerable.Range(0, 9)]).Windows(3).ToTensor([2, 0]);
        Assert.Equal([2L, 3L], tensor.shape);
        Assert.Equal([6L, 7, 8, 0, 1, 2], tensor.data<long>().ToArray());
    }

    [Fact]
    public void Stack_UnequalLengths_Throws() =>
        Assert.Throws<ArgumentException>(() => TokenTensors.Stack([new[] { 1, 2 }, new[] { 3 }]));

    [Fact]
    public void SplitHeldOut_TwoParts_AreDisjointCompleteAndSeeded()
    {
        var windows = new TokenStream([.. Enumerable.Range(0, 40)]).Windows(2);
        var (training, heldOut) = windows.SplitHeldOut(5, seed: 3);
        var again = windows.SplitHeldOut(5, seed: 3).HeldOut;

        Assert.Equal(15, training.Count);
        Assert.Equal(5, heldOut.Count);
        Assert.Equal(heldOut.Select(First), again.Select(First));
        Assert.NotEqual(heldOut.Select(First), windows.SplitHeldOut(5, seed: 4).HeldOut.Select(First));
        Assert.Equal(windows.Select(First), training.Concat(heldOut).Select(First).Order());
        Assert.Throws<ConfigurationException>(() => windows.SplitHeldOut(21, 0));
    }

    [Fact]
    public void Batches_OneEpoch_UsesEveryWindowAtMostOnce()
    {
        var batches = new TokenBatches(new TokenStream([.. Enumerable.Range(0, 22)]).Windows(2), 3, seed: 1);
        Assert.Equal(3, batches.BatchesPerEpoch);
        var first = Enumerable.Range(0, 3).SelectMany(step => batches.IndicesAt(step)).ToArray();
        var second = Enumerable.Range(3, 3).SelectMany(step => batches.IndicesAt(step)).ToArray();

        Assert.Equal(9, first.Distinct().Count());
        Assert.Equal(9, second.Distinct().Count());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Batches_StartedInTheMiddle_EqualThoseOfAnUninterruptedRun()
    {
        using var scope = torch.NewDisposeScope();
        var windows = new TokenStream([.. Enumerable.Range(0, 40)]).Windows(4);
        var whole = new TokenBatches(windows, 3, seed: 9).From(0).Take(8).Select(Values).ToArray();
        var resumed = new TokenBatches(windows, 3, seed: 9).From(5).Take(3).Select(Values).ToArray();
        Assert.Equal(whole[5..], resumed);
    }

    [Fact]
    public void Permutation_KnownSeed_NeverChanges() =>
        Assert.Equal(
            [2, 4, 3, 0, 1], new TokenBatches(new TokenStream([0, 1, 2, 3, 4]).Windows(1), 5, 42).IndicesAt(0));

    [Fact]
    public void Batches_TooFewWindows_SaysWhatToDo() => Assert.Throws<ConfigurationException>(
        () => new TokenBatches(new TokenStream([1, 2, 3]).Windows(1), 4, 0));

    [Fact]
    public void FromCorpus_WikiText_GivesTheReferenceNumberOfTokens()
    {
        string path = SharedFiles.Require("golden/eval/smollm2_forward.json");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(path));
        int expected = golden.RootElement.GetProperty("digits_pretokenizer").GetProperty("total_tokens").GetInt32();
        var corpus = new TextCorpus([SharedFiles.Require("data/wikitext2/wiki.test.raw")]);
        var tokenizer = TokenizerJson.Load(SharedFiles.Require("tokenizers/smollm2"));
        Assert.Equal(expected, TokenStream.FromCorpus(corpus, tokenizer).Ids.Length);
    }

    private static int First(ReadOnlyMemory<int> window) => window.Span[0];

    private static long[] Values(torch.Tensor tensor) => tensor.data<long>().ToArray();
}
