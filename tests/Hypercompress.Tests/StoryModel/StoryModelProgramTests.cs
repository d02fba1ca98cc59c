using Hypercompress.StoryModel;

namespace Hypercompress.Tests.StoryModel;

public sealed class StoryModelProgramTests
{
    [Theory]
    [InlineData("1", 3)]
    [InlineData("2", 2)]
    [InlineData("one", 2)]
    public void LaterRound_WithoutWeights_IsRefusedAndWritesNothing(string round, int code)
    {
        using var folder = new ScratchFolder();
        string made = Directory.CreateDirectory(folder.Of("made")).FullName;

        object? ended = typeof(StoryModelRecipe).Assembly.EntryPoint!.Invoke(null, [(string[])[made, round]]);

        Assert.Equal(code, ended);
        Assert.Empty(Directory.EnumerateFileSystemEntries(made));
    }
}
