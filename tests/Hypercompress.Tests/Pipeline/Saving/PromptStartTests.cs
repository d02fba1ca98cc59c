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
