using System.Collections.Immutable;
using CsCheck;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Planning;
using Hypercompress.Settings;

namespace Hypercompress.Tests.Configuration;

public sealed class PipelineConfigWriterTests
{
    private static readonly PipelineConfigReader Reader =
        new([BranchRegistration.For<SampleBranchOptions>("sample", (_, _) => throw new NotSupportedException())]);

    private static readonly string[] Awkward =
        ["null", "~", "true", "5", "", "a: b", "# c", "-", "\t", "\"", "é\u0085\u2028", "a\nb"];

    private static readonly Gen<SampleBranchOptions> Samples =
        from rank in Gen.Int[0, 1000].Select(value => value == 0 ? (int?)null : value)
        from share in Gen.Double[0, 0.999]
        from bits in Gen.Int[2, 8].Array[1, 5]
        from note in Gen.OneOf(Gen.String, Gen.Int[0, Awkward.Length - 1].Select(index => Awkward[index]))
        from low in Gen.Int[-5, 5]
        from weights in Gen.Double[-1e300, 1e300].Array[0, 3]
        from steps in Gen.Long
        select new SampleBranchOptions
        {
            Rank = rank,
            Share = share,
            Bits = [.. bits],
            Note = note,
            Kind = SampleKind.SecondKind,
            Inner = new SampleNested { Low = low, High = low + 1 },
            Weights = [.. weights],
            Steps = steps,
        };

    [Fact]
    public void Write_ThenRead_GivesTheSameConfiguration() => Samples.Sample(
        sample =>
        {
            PipelineConfig written = Reader.Defaults with
            {
                Branches = Reader.Defaults.Branches.With("sample", sample),
                Targets =
                    new TargetOptions { Bytes = new ByteSize(Math.Abs(sample.Steps / 2) + 1), CompressionRatio = 7.25 },
            };
            PipelineConfig read = Reader.Parse(PipelineConfigWriter.Write(written), "written.yaml");
            AssertSame(sample, (SampleBranchOptions)read.Branches["sample"]);
            Assert.Equal(written.Targets, read.Targets);
            Assert.Equal(written.Planner.Include, read.Planner.Include);
        },
        iter: 300);

    [Fact]
    public void Write_Defaults_HasEveryKey()
    {
        string text = PipelineConfigWriter.Write(Reader.Defaults);
        Assert.All(Reader.Keys, key => Assert.Contains($"{key.Split('.')[^1]}: ", text, StringComparison.Ordinal));
    }

    // Lists compare by reference in records, so they are compared here and taken out of the rest.
    private static void AssertSame(SampleBranchOptions expected, SampleBranchOptions actual)
    {
        Assert.Equal(expected.Bits, actual.Bits);
        Assert.Equal(expected.Weights, actual.Weights);
        ImmutableArray<int> noBits = [];
        ImmutableArray<double> noWeights = [];
        Assert.Equal(
            expected with { Bits = noBits, Weights = noWeights }, actual with { Bits = noBits, Weights = noWeights });
    }
}
