using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Sites;
using Hypercompress.Tests.Settings;

namespace Hypercompress.Tests.Planning.Offers;

public sealed class OfferBookFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static OfferBook Book { get; } = new(
        ImmutableSortedDictionary<string, string>.Empty.Add("model", "a1").Add("calibration text", "b2"),
        1000,
        8,
        [
            MadeUpOffers.At(0, 100, MadeUpOffers.Make(
                "a", 20, 1.0 / 3, combines: true) with { MultiplyAdds = 7, CachedValues = 5 }) with
            {
                KeepCost = new InferenceCost(64, 8),
                Loss = new LossCurve(0.1, 0.2, 0.4, 1),
                Limit = RateDistortion.Curve([4, 1], [1, 4]),
            },
            MadeUpOffers.At(1, 100),
        ],
        LossModel.Measured(20, 49152, new LossCurve(0.1, 0.2, 0.4, 1), 0.1),
        new CalibrationTimings(1, 2, 3, 4, 5),
        ["a note"])
    {
        Stacks = [new(["model.layers.0.mlp.up_proj", "model.layers.1.mlp.up_proj"], [Shared(12), Shared(4)])],
    };

    private static Offer Shared(long bytes) =>
        MadeUpOffers.Make("a", bytes, 0.1) with { Owner = "model.layers.0.mlp.up_proj" };

    private string Path => _folder.Of("statistics.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatWasWritten_PlansTheSame()
    {
        OfferBookFile.Write(Book, Path);

        OfferBook read = OfferBookFile.Read(Path, Book.Origin);

        Assert.Equal(Book.Forecast, read.Forecast);
        Assert.Equal(Book.Effort, read.Effort);
        Assert.Equal(Book.Notes, read.Notes);
        Assert.Equal(Book.Origin, read.Origin);
        Assert.Equal((Book.TeacherBytes, Book.FixedBytes), (read.TeacherBytes, read.FixedBytes));
        Assert.Equal(Book.Sites.Select(site => (site.Site, site.KeepBytes, site.Energy, site.KeepCost, site.Loss)),
            read.Sites.Select(site => (site.Site, site.KeepBytes, site.Energy, site.KeepCost, site.Loss)));
        Assert.Equal(Book.Sites[0].Limit.Points, read.Sites[0].Limit.Points);
        Assert.Equal(
            Book.Sites[0].Offers[0] with { Setting = null! }, read.Sites[0].Offers[0] with { Setting = null! });
        Assert.Equal(Book.Sites[0].Offers[0].Setting, read.Sites[0].Offers[0].Setting);
        Assert.Equal(Book.Stacks[0].Sites, read.Stacks[0].Sites);
        Assert.Equal(
            Book.Stacks[0].Offers.Select(offer => offer with { Setting = null! }),
            read.Stacks[0].Offers.Select(offer => offer with { Setting = null! }));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void CheckWritable_MakesTheFolderAndNoFile()
    {
        OfferBookFile.CheckWritable(Path);
        OfferBookFile.CheckWritable(_folder.Of("missing/statistics.json"));

        Assert.Equal(_folder.Of("missing"), Assert.Single(Directory.GetFileSystemEntries(_folder.Path)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Of("missing")));
        string file = _folder.Write("file", "text");
        Assert.Throws<ConfigurationException>(() => OfferBookFile.CheckWritable(_folder.Path));
        Assert.Throws<ConfigurationException>(
            () => OfferBookFile.CheckWritable(System.IO.Path.Combine(file, "statistics.json")));
    }

    [Fact]
    public void Read_OfSomethingElse_SaysOfWhat()
    {
        OfferBookFile.Write(Book, Path);

        var failure = Assert.Throws<ConfigurationException>(
            () => OfferBookFile.Read(Path, Book.Origin.SetItem("calibration text", "c3").Add("validation text", "d4")));

        Assert.Contains(
            $"{Path}: was made with another calibration text, another validation text",
            failure.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("model", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AfterAnyByteChanged_IsAnInputError()
    {
        OfferBookFile.Write(Book, Path);
        byte[] intact = File.ReadAllBytes(Path);
        for (int at = 0; at < intact.Length - 1; at++)
        {
            byte[] broken = [.. intact];
            broken[at] ^= 1;
            File.WriteAllBytes(Path, broken);

            var failure = Assert.Throws<CheckpointException>(() => OfferBookFile.Read(Path, Book.Origin));
            Assert.StartsWith(Path, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"version\": 2}")]
    [InlineData("{\"version\": 1, \"sha256\": 5, \"book\": {}}")]
    [InlineData(
        "{\"version\": 1, \"sha256\": \"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\", \"book\": "
        + "{}}")]
    public void Read_WhatIsNoBook_IsAnInputError(string text)
    {
        File.WriteAllText(Path, text);

        var failure = Assert.Throws<CheckpointException>(() => OfferBookFile.Read(Path, Book.Origin));

        Assert.StartsWith(Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyMutationUnderATrueHash_IsABookOrAnInputError()
    {
        OfferBookFile.Write(Book, Path);
        string intact = File.ReadAllText(Path);
        int start = intact.IndexOf("\"book\":", StringComparison.Ordinal) + "\"book\":".Length;

        Mutation.AssertTyped(
            intact[start..^2],
            Path,
            path =>
            {
                string body = File.ReadAllText(path).Trim();
                string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
                File.WriteAllText(path, $"{{\"version\":1,\"sha256\":\"{hash}\",\"book\":{body}}}\n");
                PlannedFrom(OfferBookFile.Read(path, Book.Origin));
            },
            typeof(CheckpointException),
            typeof(ConfigurationException),
            typeof(BudgetException));
    }

    [Fact]
    public void Read_AnExampleOfAFuzzer_IsAnInputError()
    {
        string file = SharedFiles.Require("cases/statistics-crash-17770-15113.json");

        Assert.Throws<CheckpointException>(() => OfferBookFile.Read(file, Book.Origin));
    }

    // What a run does with a book that it has read.
    private static void PlannedFrom(OfferBook book)
    {
        var maker = new PlanMaker(new TargetOptions(), new PlannerOptions(), CombinationRule.Joint, []);
        CompressionPlan plan = maker.Make(book, 2, loose: true);
        new PlanForecaster(
            new QualityGate(new PlannerOptions(), maker), (_, _) => null, memoryCeiling: null).Predict(plan, book);
    }

    [Fact]
    public void Read_WithAStackOfStrangers_IsAnInputError()
    {
        OfferStack strange = Book.Stacks[0] with { Sites = ["model.layers.0.mlp.up_proj", "elsewhere"] };
        foreach (
            OfferStack damaged in new[] { strange, strange with { Sites = [] }, Book.Stacks[0] with { Offers = [] } })
        {
            OfferBookFile.Write(Book with { Stacks = [damaged] }, Path);

            var failure = Assert.Throws<CheckpointException>(() => OfferBookFile.Read(Path, Book.Origin));

            Assert.Contains("numbers that no measurement gives", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Write_WhereNothingCanBeWritten_LeavesNothing()
    {
        Directory.CreateDirectory(Path);

        Assert.ThrowsAny<Exception>(() => OfferBookFile.Write(Book, Path));

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
