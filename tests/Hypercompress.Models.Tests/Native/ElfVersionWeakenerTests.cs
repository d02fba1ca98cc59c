using System.Text;
using Hypercompress.Models.Native;

namespace Hypercompress.Models.Tests.Native;

public sealed class ElfVersionWeakenerTests
{
    private const int Strings = 64;
    private const int Needs = 128;
    private const int Sections = 256;

    [Fact]
    public void Weaken_AskedVersion_SetsOneFlagAndNothingElse()
    {
        byte[] before = Image();
        byte[] after = [.. before];

        Assert.Equal(1, ElfVersionWeakener.Weaken(after, "V_2"));

        int changed = Assert.Single(Enumerable.Range(0, before.Length), i => before[i] != after[i]);
        Assert.Equal(Needs + 16 + 16 + 4, changed);
        Assert.Equal(2, after[changed]);
    }

    [Theory]
    [InlineData("V_3")]
    [InlineData("V_")]
    [InlineData("V_22")]
    public void Weaken_VersionThatIsNotAskedFor_ChangesNothing(string version)
    {
        byte[] image = Image();

        Assert.Equal(0, ElfVersionWeakener.Weaken(image, version));
        Assert.Equal(Image(), image);
    }

    [Fact]
    public void Weaken_NoElfFile_Throws() =>
        Assert.Throws<InvalidDataException>(() => ElfVersionWeakener.Weaken(new byte[100], "V_1"));

    [Fact]
    public void Weaken_CutOrDamagedAnywhere_ThrowsOrCounts()
    {
        byte[] image = Image();
        for (int i = 0; i < image.Length; i++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
            {
                byte[] damaged = [.. image];
                damaged[i] = value;
                AssertSafe(damaged);
            }

            AssertSafe(image[..i]);
        }
    }

    [Fact]
    public void PatchedCopy_RealLibrary_IsMadeOnceAndDiffersInOneByte()
    {
        string? original = PackageLibrary();
        Assert.SkipWhen(original is null, "the package of TorchSharp is not in the package cache of this machine");
        string cache = Directory.CreateTempSubdirectory("hypercompress-").FullName;
        try
        {
            string copy = TorchLibraryFallback.PatchedCopy(original!, cache)!;
            byte[] before = File.ReadAllBytes(original!);
            byte[] after = File.ReadAllBytes(copy);
            var written = File.GetLastWriteTimeUtc(copy);

            Assert.Equal(before.Length, after.Length);
            Assert.Equal(1, before.Zip(after).Count(pair => pair.First != pair.Second));
            Assert.Equal(copy, TorchLibraryFallback.PatchedCopy(original!, cache));
            Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
            Assert.Equal(copy, Assert.Single(Directory.GetFiles(cache, "*", SearchOption.AllDirectories)));
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private static void AssertSafe(byte[] image)
    {
        try
        {
            Assert.InRange(ElfVersionWeakener.Weaken(image, "V_2"), 0, 100_000);
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            // Malformed is the right answer.
        }
    }

    private static string? PackageLibrary()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string folder = Path.Combine(packages, "torchsharp");
        return Directory.Exists(folder)
            ? Directory.GetFiles(folder, "libLibTorchSharp.so", SearchOption.AllDirectories).FirstOrDefault()
            : null;
    }

    /// <summary>A library that needs V_1 and V_2 of one file and V_1 of another.</summary>
    private static byte[] Image()
    {
        byte[] image = new byte[Sections + (2 * 64)];
        void Put(int at, params byte[] bytes) => bytes.CopyTo(image, at);
        void Need(int at, ushort count, uint auxiliary, uint next)
        {
            Put(at + 2, BitConverter.GetBytes(count));
            Put(at + 8, BitConverter.GetBytes(auxiliary));
            Put(at + 12, BitConverter.GetBytes(next));
        }

        void Auxiliary(int at, uint name, uint next)
        {
            Put(at + 8, BitConverter.GetBytes(name));
            Put(at + 12, BitConverter.GetBytes(next));
        }

        Put(0, 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1);
        Put(0x28, BitConverter.GetBytes((long)Sections));
        Put(0x3A, BitConverter.GetBytes((ushort)64));
        Put(0x3C, BitConverter.GetBytes((ushort)2));
        Put(Strings, Encoding.ASCII.GetBytes("\0V_1\0V_2\0"));
        Need(Needs, count: 2, auxiliary: 16, next: 48);
        Auxiliary(Needs + 16, name: 1, next: 16);
        Auxiliary(Needs + 32, name: 5, next: 0);
        Need(Needs + 48, count: 1, auxiliary: 16, next: 0);
        Auxiliary(Needs + 64, name: 1, next: 0);
        Put(Sections + 24, BitConverter.GetBytes((long)Strings));
        Put(Sections + 64 + 4, BitConverter.GetBytes(0x6FFFFFFEu));
        Put(Sections + 64 + 24, BitConverter.GetBytes((long)Needs));
        Put(Sections + 64 + 40, BitConverter.GetBytes(0));
        return image;
    }
}
