using System.IO.Compression;
using Hypercompress.Models.Checkpoints.Torch;

namespace Hypercompress.Models.Tests.Checkpoints.Torch;

public sealed class StoredZipWriterTests
{
    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(100)]
    [InlineData(1)]
    public void Finish_WithAndWithout64BitFields_GivesAReadableArchive(long largest32)
    {
        byte[] big = [.. Enumerable.Range(0, 500).Select(i => (byte)i)];
        using var stream = new MemoryStream();
        var writer = new StoredZipWriter(stream, largest32);

        writer.Add("a/small", [1, 2, 3]);
        writer.Add("a/big", big);
        writer.Add("a/none", []);
        writer.Finish();

        byte[] bytes = stream.ToArray();
        Assert.Equal(0, bytes.AsSpan().IndexOf(big) % 64);
        using var zip = new ZipArchive(new MemoryStream(bytes));
        Assert.Equal(["a/small", "a/big", "a/none"], zip.Entries.Select(entry => entry.FullName));
        using var content = new MemoryStream();
        using var entry = zip.GetEntry("a/big")!.Open();
        entry.CopyTo(content);
        Assert.Equal(big, content.ToArray());
        Assert.Equal(0x55BC801Du, zip.GetEntry("a/small")!.Crc32);
    }

    [Fact]
    public void Add_OtherLengthThanDeclared_Throws() => Assert.Throws<InvalidOperationException>(
        () => new StoredZipWriter(new MemoryStream()).Add("a", 2, stream => stream.WriteByte(1)));
}
