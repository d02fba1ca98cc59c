using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;

namespace Hypercompress.Tests.Configuration;

/// <summary>Which options offers depend on: saved statistics are refused when one of these differs.</summary>
public sealed class OfferSettingsTests
{
    private static readonly PipelineConfigReader Reader = new(BranchRegistry.BuiltIn);
    private static readonly string Default = PipelineConfigWriter.WriteForOffers(Reader.Defaults);

    [Theory]
    [InlineData("targets.compression_ratio=9")]
    [InlineData("targets.bytes=40MB")]
    [InlineData("planner.exclude=[a]")]
    [InlineData("planner.force=true")]
    [InlineData("merge.strategy=weighted")]
    [InlineData("sequential.tokens=70000")]
    [InlineData("distillation.enabled=false")]
    [InlineData("finetune.learning_rate=1e-3")]
    [InlineData("evaluation.tasks=[arc_easy]", "evaluation.data_dir=tasks")]
    [InlineData("storage.max_shard_bytes=2GB")]
    [InlineData("logging.level=debug")]
    [InlineData("data.calibration=[a.txt]")]
    [InlineData("runtime.threads=3")]
    public void OptionsAfterCalibration_AreLeftOut(params string[] settings) =>
        Assert.Equal(Default, Written(settings));

    [Theory]
    [InlineData("mode=lra")]
    [InlineData("targets.max_rank_fraction=0.5")]
    [InlineData("planner.mode=manual")]
    [InlineData("planner.include=[a]")]
    [InlineData("planner.probes=model")]
    [InlineData("planner.probe_tokens=256")]
    [InlineData("branches.quantization.group_size=32")]
    [InlineData("evaluation.window=64")]
    [InlineData("evaluation.max_tokens=64")]
    [InlineData("data.calibration_tokens=1024")]
    [InlineData("data.fisher_tokens=1024")]
    [InlineData("data.sequence_length=64")]
    [InlineData("data.output_metric=kronecker")]
    [InlineData("calibration.skip_positions=4")]
    [InlineData("calibration.batch_tokens=1024")]
    [InlineData("calibration.fisher_window=256")]
    [InlineData("calibration.head_tokens=128")]
    [InlineData("calibration.damping=0.1")]
    [InlineData("calibration.output_floor=0.1")]
    [InlineData("calibration.token_floor=0.1")]
    [InlineData("runtime.seed=3")]
    public void OptionsOfCalibration_AreWritten(string setting) => Assert.NotEqual(Default, Written(setting));

    private static string Written(params string[] settings) => PipelineConfigWriter.WriteForOffers(
        Reader.Parse(string.Empty, "test", ConfigOverrides.Parse(settings)));
}
