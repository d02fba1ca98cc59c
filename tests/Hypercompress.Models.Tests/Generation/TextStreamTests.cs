using System.Text;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Generation.Streaming;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Tests.Generation;

public sealed class TextStreamTests
{
    [Fact]
    public void Push_CharacterOfSeveralTokens_ComesWhenItIsComplete()
    {
        var stream = new TextStream(new ByteTokenizer());
        string[] pieces = [.. Encoding.UTF8.GetBytes("aé€b").Select(id => stream.Push(id))];
        Assert.Equal(["a", "", "é", "", "", "€", "b"], pieces);
        Assert.Equal("", stream.Flush());
    }

    [Fact]
    public void Flush_IncompleteCharacter_BecomesTheReplacementCharacter()
    {
        var stream = new TextStream(new ByteTokenizer());
        Assert.Equal(["a", ""], [stream.Push('a'), stream.Push(0xC3)]);
        Assert.Equal("\uFFFD", stream.Flush());
    }

    private sealed class ByteTokenizer : ITokenizer
    {
        public int VocabularySize => 256;

        public int? BosTokenId => null;

        public int? EosTokenId => null;

        public int[] Encode(string text, bool addSpecialTokens = true) => throw new NotSupportedException();

        public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false) =>
            Encoding.UTF8.GetString([.. ids.Select(id => (byte)id)]);
    }
}
