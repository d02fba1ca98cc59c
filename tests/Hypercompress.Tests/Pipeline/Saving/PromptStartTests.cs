using Hypercompress.Models.Tokenization;
using Hypercompress.Pipeline.Saving;

namespace Hypercompress.Tests.Pipeline.Saving;

public sealed class PromptStartTests
{
    [Theory]
    [InlineData("rds and left. Two came back at noon.", "Two")]
    [InlineData("rds and \"left.\" Two came back at noon.", "Two")]
    [InlineData("rds\n\nTwo came back at noon.", "Two")]
    [InlineData("rds and left for the lake at noon", "and")]
    [InlineData("oneword", "oneword")]
    public void Find_SkipsWhatWasCut(string text, string first)
    {
        var tokenizer = new Letters();
        int start = PromptStart.Find(tokenizer, tokenizer.Encode(text), 3);
        Assert.StartsWith(first, text[start..].TrimStart(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("look up at the sky", 17, "look up at the")]
    [InlineData("look up at the sky", 14, "look up at the")]
    [InlineData("look up.", 7, "look up")]
    [InlineData("to see Tom's", 10, "to see")]
    [InlineData("look up at", 10, "look up at")]
    [InlineData("lookupatthesky", 6, "lookup")]
    public void EndOfWord_LeavesOutAWordThatWouldBeCut(string text, int length, string prompt)
    {
        var tokenizer = new Letters();

        Assert.Equal(prompt, text[..PromptStart.EndOfWord(tokenizer, tokenizer.Encode(text), length)].TrimEnd());
    }

    /// <summary>One token for each character.</summary>
    private sealed class Letters : ITokenizer
    {
        public int VocabularySize => char.MaxValue + 1;

        public int? BosTokenId => null;

        public int? EosTokenId => null;

        public int[] Encode(string text, bool addSpecialTokens = true) => [.. text.Select(letter => (int)letter)];

        public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false) =>
            string.Concat(ids.Select(id => (char)id));
    }
}
