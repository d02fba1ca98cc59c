using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Tokenization.Loading;
using Hypercompress.Models.Transformer;
using Hypercompress.StoryModel;
using Hypercompress.TestKit;
using Hypercompress.Training;

namespace Hypercompress.Tests.StoryModel;

[NoTensorLeaks]
public sealed class BuiltInModelTests
{
    internal static readonly string Folder = RepositoryFiles.PathOf("src/Hypercompress.Cli/BuiltIn");

    [Fact]
    public void Model_HeldOutText_HasThePerplexityOfTheReadme()
    {
        using var model = Load();
        int[] ids = Tokenizer().Encode(File.ReadAllText(Path.Combine(Folder, "heldout.txt")));
        var options = new TrainingOptions { SequenceLength = 512, ValidationTokens = 4096 };
        using var heldOut = HeldOutText.From([[.. ids]], options);

        Assert.InRange(heldOut!.Measure(model).Perplexity, 1.6, 1.7);
    }

    [Fact]
    public void Model_Prompt_TellsAStoryWithAnEnd()
    {
        using var model = Load();
        string story = StorySampler.Tell(model, Tokenizer(), "Once upon a time", 0.7, seed: 0);

        Assert.StartsWith("Once upon a time there was", story, StringComparison.Ordinal);
        Assert.InRange(story.Split(' ').Length, 60, 300);
        Assert.Matches(@"[.!?]""?$", story);
    }

    [Fact]
    public void Texts_AreWhatTheGrammarWrites()
    {
        Assert.Equal(
            StoryTexts.Text(StoryModelRecipe.HeldOutSeed, StoryModelRecipe.HeldOutCharacters),
            File.ReadAllText(Path.Combine(Folder, "heldout.txt")));
        Assert.Equal(
            StoryTexts.Text(StoryModelRecipe.CalibrationSeed, StoryModelRecipe.CalibrationCharacters),
            File.ReadAllText(Path.Combine(Folder, "calibration.txt")));
    }

    [Fact]
    public void Folder_StaysSmall()
    {
        long bytes = new DirectoryInfo(Folder).EnumerateFiles().Sum(file => file.Length);
        Assert.InRange(bytes, 1_000_000, 8_000_000);
    }

    private static DecoderModel Load()
    {
        string config = Path.Combine(Folder, "config.json");
        using var source = CheckpointFolder.Open(Folder);
        var json = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        return DecoderModel.Load(DecoderConfigReader.Parse(json, config), source);
    }

    private static TokenizerJson Tokenizer() => TokenizerJson.Load(Path.Combine(Folder, "tokenizer.json"));
}
