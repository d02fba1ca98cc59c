using Hypercompress.Configuration;
using Hypercompress.Pipeline.Runs;

namespace Hypercompress.Tests.Pipeline.Runs;

public sealed class TextAdviceTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(499, 1)]
    [InlineData(500, 0)]
    [InlineData(1000, 0)]
    public void Notes_LessThanHalfOfTheWantedTokens_IsSaid(long tokens, int notes)
    {
        var options = new DataOptions { Calibration = [_folder.Write("a.txt", "one")], CalibrationTokens = 1000 };

        string[] found = [.. TextAdvice.Notes(options, TextHashes.Of(options), tokens)];

        Assert.Equal(notes, found.Length);
        Assert.All(found, note => Assert.Equal(
            "the calibration texts give 499 tokens, 50 % of the 1000 that data.calibration_tokens asks for: longer "
            + "texts give better results",
            note));
    }

    [Fact]
    public void Notes_ATextForBoth_IsNamedWithoutItsFolder_WhateverItsName()
    {
        var options = new DataOptions
        {
            Calibration = [_folder.Write("a.txt", "one"), _folder.Write("b.txt", "two")],
            Validation = [_folder.Write("c.txt", "two"), _folder.Write("d.txt", "three")],
            CalibrationTokens = 10,
        };

        string note = Assert.Single(TextAdvice.Notes(options, TextHashes.Of(options), 10));

        Assert.StartsWith("c.txt is a calibration text and a validation text:", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_OtherColumnOfTheSameFile_IsAnotherText()
    {
        string table = _folder.Write("t.csv", "train,test\na,b\n");
        var options = new DataOptions
        {
            Calibration = [$"{table}:train"],
            Validation = [$"{table}:test"],
            CalibrationTokens = 10,
        };

        Assert.Empty(TextAdvice.Notes(options, TextHashes.Of(options), 10));
    }
}
