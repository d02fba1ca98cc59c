using System.Security.Cryptography;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;
using Hypercompress.Pipeline.Runs;

namespace Hypercompress.Tests.Pipeline.Runs;

public sealed class TextHashesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ByName_HasEveryFileOnce_AndTellsEqualNamesApart()
    {
        Directory.CreateDirectory(_folder.Of("other"));
        string first = _folder.Write("a.txt", "one");
        string second = _folder.Write(Path.Combine("other", "a.txt"), "two");

        TextHashes hashes = TextHashes.Of(new DataOptions { Calibration = [first, second], Validation = [first] });

        Assert.Equal(["a.txt", "a.txt (2)"], hashes.ByName.Keys);
        Assert.Equal(Hash("one"u8), hashes.ByName["a.txt"]);
        Assert.Equal(Hash("two"u8), hashes.ByName["a.txt (2)"]);
    }

    [Fact]
    public void OfTogether_DependsOnContentAndOrder_ButNotOnNames()
    {
        string[] files = [_folder.Write("a.txt", "one"), _folder.Write("b.txt", "two"), _folder.Write("c.txt", "one")];
        TextHashes hashes = TextHashes.Of(new DataOptions { Calibration = [.. files] });

        Assert.Equal(hashes.OfTogether([files[0], files[1]]), hashes.OfTogether([files[2], files[1]]));
        Assert.NotEqual(hashes.OfTogether([files[0], files[1]]), hashes.OfTogether([files[1], files[0]]));
    }

    [Fact]
    public void Of_AFileThatIsMissing_NamesIt()
    {
        string missing = _folder.Of("missing.txt");

        var failure = Assert.Throws<CheckpointException>(
            () => TextHashes.Of(new DataOptions { Calibration = [missing] }));

        Assert.StartsWith(missing, failure.Message, StringComparison.Ordinal);
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
