using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Tests.Corpora;

public sealed class TokenStreamTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("[1, 2, 3]", new[] { 1, 2, 3 })]
    [InlineData("[[1], [2, 3]]\n", new[] { 1, 2, 3 })]
    public void Read_ListsOfNumbers_AreIdsAndNeedNoTokenizer(string json, int[] expected) => Assert.Equal(
        expected, TokenStream.Read(_scratch.Write("a.json", json), 4, () => throw new InvalidOperationException()).Ids);

    [Theory]
    [InlineData("[1, 4]", "the id 4; the vocabulary has 4")]
    [InlineData("[[1], [-1]]", "sequence 1 has the id -1")]
    [InlineData("[[1], []]", "sequence 1 is empty")]
    [InlineData("[]", "sequence 0 is empty")]
    [InlineData("[[1], \"a\"]", "sequence 1 is not a list")]
    [InlineData("[1, [2]]", "not a list")]
    [InlineData("[1.5]", "holds 1.5")]
    [InlineData("[[\"a\"]]", "holds a text")]
    [InlineData("[1", "not a list of token ids")]
    public void Read_ListsThatAreNotIds_NameTheSequence(string json, string expected)
    {
        string file = _scratch.Write("a.json", json);
        CheckpointException fault = Assert.Throws<CheckpointException>(
            () => TokenStream.Read(file, 4, () => throw new InvalidOperationException()));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.json", "[{\"text\": \"one\"}, {\"text\": \"two\"}]")]
    [InlineData("a.jsonl", "\"one\"\n\"two\"")]
    [InlineData("a.txt", "one\n\ntwo")]
    public void Read_Texts_AreTokenizedAsOne(string name, string content)
    {
        var tokenizer = TokenizerJson.Load(SharedFiles.Require("tokenizers/smollm2"));
        TokenStream read = TokenStream.Read(_scratch.Write(name, content), tokenizer.VocabularySize, () => tokenizer);
        Assert.Equal(tokenizer.Encode("one\n\ntwo"), read.Ids);
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("a.jsonl")]
    [InlineData("a.csv")]
    public void Read_AnEmptyFile_SaysSo(string name)
    {
        var tokenizer = TokenizerJson.Load(SharedFiles.Require("tokenizers/smollm2"));
        string file = _scratch.Write(name, "");
        CheckpointException fault =
            Assert.Throws<CheckpointException>(() => TokenStream.Read(file, 9, () => tokenizer));
        Assert.Contains("is empty", fault.Message, StringComparison.Ordinal);
    }
}
