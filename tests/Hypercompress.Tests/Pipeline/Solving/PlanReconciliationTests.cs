using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Hypercompress.Analysis;
using Hypercompress.Artifacts;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Merging;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Solving;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Sites;
using Hypercompress.Surgery;
using Hypercompress.Tests.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Pipeline.Solving;

/// <summary>Bytes are promises: whatever is configured, the file has as many as the plan says.</summary>
public sealed class PlanReconciliationTests : IDisposable
{
    private const int Configurations = 200;

    // Offers take most of the time; several plans are made from them.
    private const int PlansPerBook = 2;

    private static readonly BranchRegistry Registry = new();

    private static readonly Gen<string[]> OfferSettings = Gen.Select(
        OneOf("hybrid", "hybrid", "hybrid", "lra", "kv", "blt", "sparsity", "quantization"),
        OneOf("[8]", "[4]", "[8, 4]", "[8, 6, 5, 3, 2]", "[7, 2]"),
        OneOf(8, 16, 24, 64),
        OneOf("wanda", "magnitude"),
        Gen.Double[0.1, 1.0]).Select((mode, bits, group, method, fraction) => new[]
        {
            $"mode={mode}", $"branches.quantization.bits={bits}", $"branches.quantization.group_size={group}",
            $"branches.sparsity.method={method}",
            string.Create(CultureInfo.InvariantCulture, $"targets.max_rank_fraction={fraction:R}"),
        });

    private static readonly Gen<(string[] Settings, double Ratio)> PlanSettings = Gen.Select(
        OneOf("joint", "weighted"),
        OneOf("[]", "[model.layers.0.*]", "[model.embed_tokens]", "[\"*.mlp.*\"]"),
        Gen.Bool,
        Gen.Double[1.1, 12.0]).Select((merge, exclude, uniform, ratio) => (new[]
        {
            $"merge.strategy={merge}", $"planner.exclude={exclude}", $"planner.uniform={(uniform ? "true" : "false")}",
        }, ratio));

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Bytes_OfAnyConfiguration_AreThoseInTheFile(bool tied, int layers)
    {
        using DecoderModel model = SampleModel.Random(tied, layers: layers);
        using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings())
            .Run(model, SampleModel.RandomWindows(16, 24));
        var formats = OneOf(FloatFormat.Float16, FloatFormat.BFloat16, FloatFormat.Float32);
        Gen.Select(OfferSettings, formats, PlanSettings.Array[PlansPerBook]).Sample(
            (settings, teacherFormat, plans) =>
            {
                using var scope = NewDisposeScope();
                OfferBook book = Book(Read(settings), statistics, teacherFormat, tied);
                foreach ((string[] more, double ratio) in plans)
                {
                    Check(model, statistics, book, teacherFormat, [.. settings, .. more], ratio);
                }
            },
            iter: Configurations / 2 / PlansPerBook,
            threads: 1);
    }

    private void Check(
        DecoderModel model, CalibrationStatistics statistics, OfferBook book, ValueFormat teacherFormat,
        string[] settings, double ratio)
    {
        PipelineConfig config = Read(settings);
        ImmutableArray<CompressionBranch> branches = Branches(config);
        CompressionPlan plan =
            Plan(new PlanMaker(
            config.Targets, config.Planner, MergeStrategies.Create(config.Merge).Rule, branches), book, ratio);
        Blueprint blueprint = Build(config, branches, statistics, teacherFormat, plan);

        long written = Write(model, blueprint, teacherFormat);

        string what = $"{string.Join(' ', settings)} at {ratio:R}, {teacherFormat}";
        Assert.True(PlanReconciliation.WithBuiltBytes(plan, blueprint).Bytes == written, what);
        bool single = plan.Sites.All(site => site.Offers.Length < 2);
        Assert.True(!single || plan.Bytes == written, what);
    }

    private static PipelineConfig Read(string[] settings) =>
        new PipelineConfigReader(Registry.Registrations).Parse(string.Empty, "test", ConfigOverrides.Parse(settings));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static ImmutableArray<CompressionBranch> Branches(PipelineConfig config) =>
    [
        .. Registry.Registrations.Where(known => config.Uses(known.Name)).Select(known => Registry.Create(
            known.Name, config.Branches[known.Name], new BranchSettings(config.Targets.MaxRankFraction))),
    ];

    private static OfferBook Book(
        PipelineConfig config, CalibrationStatistics statistics, ValueFormat teacherFormat, bool tied)
    {
        var collector = new OfferCollector(
            Branches(config), teacherFormat, config.Planner.Include, tied, threads: 2, statistics.Sites.Length);
        (ImmutableArray<SiteOffers> sites, ImmutableArray<OfferStack> stacks) =
            collector.Collect(statistics.Sites, statistics.Groups, statistics, Quiet());
        long vectors =
            teacherFormat.StoredBytes(1, statistics.ParameterCount - statistics.Sites.Sum(site => site.ElementCount));
        return new OfferBook(
            ImmutableSortedDictionary<string, string>.Empty,
            vectors + sites.Sum(site => site.KeepBytes),
            vectors,
            sites,
            LossModel.Unmeasured(20, 40),
            new CalibrationTimings(0, 0, 0, 0, 0),
            [])
        {
            Stacks = stacks,
        };
    }

    // Where the ratio is out of reach, the nearest one that is not.
    private static CompressionPlan Plan(PlanMaker maker, OfferBook book, double ratio)
    {
        try
        {
            return maker.Make(book, ratio);
        }
        catch (BudgetException refused)
        {
            return maker.Make(book, refused.NearestRatio);
        }
    }

    private static Blueprint Build(
        PipelineConfig config,
        ImmutableArray<CompressionBranch> branches,
        CalibrationStatistics statistics,
        ValueFormat teacherFormat,
        CompressionPlan plan)
    {
        ImmutableArray<BranchArtifact> artifacts = new BranchRunner(branches, 1, TimeProvider.System)
            .Run(plan, statistics, Quiet());
        var merger = new ProposalMerger(
            MergeStrategies.Create(config.Merge), name => branches.First(branch => branch.Name == name), teacherFormat);
        return merger.Merge(
            [.. plan.Sites.Select(site => site.Site)],
            artifacts.SelectMany(artifact => artifact.Proposals),
            new MergeRun(statistics, statistics.Weights, _ => { }, _ => { }, CancellationToken.None));
    }

    private static PhaseProgress Quiet() => new(Phase.Branches, new LoggingManager([]), CancellationToken.None);

    private long Write(DecoderModel teacher, Blueprint blueprint, ValueFormat teacherFormat)
    {
        using var noGrad = no_grad();
        using StructuredModel student = new ModelSurgeon().Apply(teacher, blueprint, teacherFormat);
        string file = _folder.Of("model.safetensors");
        SafetensorsWriter.Write(
            file, ArtifactWriter.Store(student.Model, teacherFormat)
                .Select(tensor => KeyValuePair.Create(tensor.Name, tensor.Value)).ToArray());
        using SafetensorsFile read = SafetensorsFile.Open(file);
        return read.Tensors.Values.Sum(tensor => tensor.ByteLength);
    }
}
