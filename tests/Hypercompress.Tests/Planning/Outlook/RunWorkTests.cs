using System.Collections.Immutable;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Planning.Outlook;
using Hypercompress.Sites;

namespace Hypercompress.Tests.Planning.Outlook;

public sealed class RunWorkTests
{
    // Two cores of a Zen 5 processor.
    private const double Rate = 114e9;

    private static readonly ImmutableArray<Site> SmolLm2 =
    [
        new("embed", WeightSlotKind.Embedding, null, 49152, 576),
        .. Enumerable.Range(0, 30).SelectMany(layer => (Site[])
        [
            new($"{layer}.q", WeightSlotKind.Linear, layer, 576, 576),
            new($"{layer}.kv", WeightSlotKind.Linear, layer, 384, 576),
            new($"{layer}.o", WeightSlotKind.Linear, layer, 576, 576),
            new($"{layer}.gate", WeightSlotKind.Linear, layer, 1536, 576),
            new($"{layer}.up", WeightSlotKind.Linear, layer, 1536, 576),
            new($"{layer}.down", WeightSlotKind.Linear, layer, 576, 1536),
        ]),
    ];

    private static readonly RunWork Normal = new(SmolLm2, 65536, 16384, 2 * 16384, 300_000)
    {
        Probes = true,
        SolvesInOrder = true,
    };

    [Fact]
    public void Seconds_SmolLm2OnTheMachineOfTheMeasurements_AreWithinAThirdOfThem()
    {
        Assert.InRange(Normal.Seconds(Rate, Rate), 2068 * 2 / 3, 2068 * 4 / 3);
        Assert.InRange(Normal.TrainingSeconds(Rate), 2500 * 2 / 3, 2500 * 4 / 3);
    }

    [Fact]
    public void Seconds_KnownStatisticsAndOffers_AreFewer()
    {
        double all = Normal.Seconds(Rate, Rate);
        double withStatistics = (Normal with { KnowsStatistics = true }).Seconds(Rate, Rate);
        double withBoth = (Normal with { KnowsStatistics = true, KnowsOffers = true }).Seconds(Rate, Rate);
        double atOnce = (Normal with { Probes = false, SolvesInOrder = false }).Seconds(Rate, Rate);

        Assert.InRange(all - withStatistics, 300, 600);
        Assert.InRange(withStatistics - withBoth, 300, 600);
        Assert.InRange(all - atOnce, 400, 800);
    }

    // The program's own model: 5 layers, 2.4 million weights, one thread.
    [Theory]
    [InlineData(2048, 512, 4.6)]
    [InlineData(8192, 512, 7.2)]
    public void Seconds_TextThatTheModelWrites_TakesAboutWhatItTook(double tokens, double passes, double measured)
    {
        RunWork story = new(
            [
                new("embed", WeightSlotKind.Embedding, null, 2048, 192),
                .. Enumerable.Range(0, 5).Select(layer => new Site($"{layer}", WeightSlotKind.Linear, layer, 2112, 192)),
            ],
            0,
            0,
            0,
            0);

        double written = (story with { WrittenTokens = tokens, WritingPasses = passes }).Seconds(57e9, 57e9)
            - story.Seconds(57e9, 57e9);

        Assert.InRange(written, measured / 1.5, measured * 1.5);
    }

    [Fact]
    public void Seconds_StudentThatIsTrainedBefore_CountsItsTraining()
    {
        RunWork withStudent = Normal with { StudentTokens = Normal.TrainedTokens };
        Assert.Equal(
            Normal.Seconds(Rate, Rate) + Normal.TrainingSeconds(Rate), withStudent.Seconds(Rate, Rate), 1);
    }

    [Fact]
    public void Seconds_TwiceTheRate_AreHalfButForWhatIsFixed() =>
        Assert.Equal((Normal.Seconds(Rate, Rate) + 4) / 2, Normal.Seconds(2 * Rate, 2 * Rate), 1);
}
