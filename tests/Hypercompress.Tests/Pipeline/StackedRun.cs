using Hypercompress.Branches.Registry;
using Hypercompress.Pipeline.Runs;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Pipeline;

/// <summary>
/// A tiny model whose gates and ups look at the same directions of their input, compressed by low rank alone.
/// </summary>
public sealed class StackedRun : IDisposable
{
    private static readonly string[] LowRank = ["mode=lra", "targets.compression_ratio=2", "sequential.enabled=true"];

    private readonly TinyRun _tiny = new(Related());
    private PipelineArtifacts? _made;

    public string Folder => _tiny.Folder;

    /// <summary>A run in order; made once.</summary>
    public PipelineArtifacts Made => _made ??= Compress("stacked");

    public PipelineArtifacts Compress(string name, params string[] settings) =>
        _tiny.Compress(new BranchRegistry(), name, [], [.. LowRank, .. settings]);

    public string Copy(string source, string name) => _tiny.Copy(source, name);

    public void Dispose() => _tiny.Dispose();

    // Every up is a mixture of the rows of the gate before it.
    private static Func<string, Tensor, Tensor?> Related()
    {
        Tensor? gate = null;
        return (name, value) =>
        {
            using var generator = new Generator(7);
            gate = name.Contains("gate_proj", StringComparison.Ordinal) ? value : gate;
            return name.Contains("up_proj", StringComparison.Ordinal)
                ? (randn(value.shape[0], value.shape[0], generator: generator) / 8).matmul(gate!.to(ScalarType.Float32))
                    .to(value.dtype)
                : value;
        };
    }
}
