using System.Text.Json;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Tokenization.Loading;

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
    public void FromCorpus_WikiText_GivesTheReferenceNumberOfTokens()
    {
        string path = SharedFiles.Require("golden/eval/smollm2_forward.json");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(path));
        int expected = golden.RootElement.GetProperty("digits_pretokenizer").GetProperty("total_tokens").GetInt32();
        var corpus = new TextCorpus([SharedFiles.Require("data/wikitext2/wiki.test.raw")]);
        var tokenizer = TokenizerJson.Load(SharedFiles.Require("tokenizers/smollm2"));
        Assert.Equal(expected, TokenStream.FromCorpus(corpus, tokenizer).Ids.Length);
    }
}
