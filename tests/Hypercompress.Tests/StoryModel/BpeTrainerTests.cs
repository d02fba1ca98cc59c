using Hypercompress.Models.Tokenization.Loading;
using Hypercompress.StoryModel;
using Hypercompress.StoryModel.Tokens;

namespace Hypercompress.Tests.StoryModel;

public sealed class BpeTrainerTests
{
    [Fact]
    public void Train_SmallText_MergesTheMostFrequentPairFirst()
    {
        // "abab" and " ab": ab is met three times; then abab, met once, is no merge, and Ġab neither.
        var vocabulary = BpeTrainer.Train(["abab ab"], 300);
        Assert.Equal([("a", "b")], vocabulary.Merges);
        Assert.Equal(258, vocabulary.Tokens.Length);
        Assert.Equal("<|endoftext|>", vocabulary.Tokens[0]);
        Assert.Equal("ab", vocabulary.Tokens[257]);
    }

    [Fact]
    public void Train_Ties_GoToTheSmallerIds()
    {
        var vocabulary = BpeTrainer.Train(["xy xy", "ab ab"], 258);
        Assert.Equal([("a", "b")], vocabulary.Merges);
    }

    [Fact]
    public void Write_Stories_ReadBackByTheEngine()
    {
        string folder = Directory.CreateTempSubdirectory("story-model").FullName;
        try
        {
            TokenizerFiles.Write(BpeTrainer.Train(StoryTexts.Stories(1, 200), 700), folder);
            var tokenizer = TokenizerJson.Load(Path.Combine(folder, "tokenizer.json"));
            string text = StoryTexts.Text(9, 2000) + "Ünïcode & 123\t\n";
            int[] ids = tokenizer.Encode(text);

            Assert.Equal(700, tokenizer.VocabularySize);
            Assert.Equal(0, tokenizer.EosTokenId);
            Assert.Equal(text, tokenizer.Decode(ids));
            Assert.Contains(0, ids);
            Assert.True(ids.Length < text.Length / 2.5);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
