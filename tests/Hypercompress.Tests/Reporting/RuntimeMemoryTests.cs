using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Reporting;
using Hypercompress.Tests.Pipeline;

namespace Hypercompress.Tests.Reporting;

public sealed class RuntimeMemoryTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Theory]
    [InlineData("entropy", "branches.quantization.entropy_coding=true")]
    [InlineData("integers", "branches.quantization.entropy_coding=false")]
    public void Estimate_OfAnArtifact_CountsWhatTheEngineHolds(string name, string setting)
    {
        var registry = new BranchRegistry();
        PipelineArtifacts made = tiny.Compress(registry, name, [], "targets.compression_ratio=4", setting);
        RuntimeMemory memory = made.Report.Memory!;

        Assert.Equal(Held(MemoryUse.Fast), memory.FastMatrixBytes);
        Assert.Equal(Held(MemoryUse.Small), memory.SmallMatrixBytes);
        Assert.Equal(memory.ProgramBytes, memory.FastBytes - memory.FastMatrixBytes);
        Assert.Equal(memory.ProgramBytes, memory.SmallBytes - memory.SmallMatrixBytes);

        long Held(MemoryUse use)
        {
            using PackedModel packed = PackedModel.Open(made.Folder, registry.CreateCatalog(), threads: 1, memory: use);
            using DecoderSession session = packed.Decoder.Begin();
            Assert.Equal(session.BytesPerToken, memory.CacheBytesPerToken);
            return packed.Decoder.WeightBytes;
        }
    }
}
