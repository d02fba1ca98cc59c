using System.Collections.Immutable;
using Hypercompress.Artifacts;

namespace Hypercompress.Exports.Torch;

/// <summary>A checkpoint for <c>torch.load(weights_only=True)</c> with the mission's six entries.</summary>
/// <param name="opened">The model; an artifact brings its own report.</param>
internal sealed class TorchExport(OpenModel opened) : IModelExport
{
    /// <inheritdoc/>
    public ImmutableArray<string> Notes => [];

    /// <summary>None: the tensors are compared value by value.</summary>
    public double Tolerance => 0;

    /// <inheritdoc/>
    public long Write(string path) =>
        TorchCheckpointFile.Write(path, opened.StoredTensors(), opened.Config, opened.ReadReport() ?? []);

    /// <inheritdoc/>
    public double ReadBack(string path) => TorchCheckpointFile.Compare(path, opened.StoredTensors());
}
