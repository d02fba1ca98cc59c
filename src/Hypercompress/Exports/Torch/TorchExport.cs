using System.Collections.Immutable;
using Hypercompress.Artifacts;
using Hypercompress.Exports.HuggingFace;
using Hypercompress.NumberFormats;

namespace Hypercompress.Exports.Torch;

/// <summary>
/// A checkpoint for <c>torch.load(weights_only=True)</c> with the mission's six entries: matrices multiplied out, or as
/// the artifact stores them, which PyTorch opens but does not compute with.
/// </summary>
/// <param name="opened">The model; an artifact brings its own report.</param>
/// <param name="request">Where and how.</param>
internal sealed class TorchExport(OpenModel opened, ExportRequest request) : IModelExport
{
    /// <summary>The tensors as they are stored.</summary>
    internal const string Keep = "keep";

    /// <inheritdoc/>
    public ImmutableArray<string> Notes => request.Quant is null
        ? []
        : ["the tensors are those of the artifact: PyTorch opens codes and factors, but does not compute with them"];

    /// <summary>None: the tensors are compared value by value.</summary>
    public double Tolerance => 0;

    /// <inheritdoc/>
    public long Write(string path) =>
        TorchCheckpointFile.Write(path, Tensors(), opened.Config, opened.ReadReport() ?? []);

    /// <inheritdoc/>
    public long CountBytes() => request.Quant == Keep
        ? opened.WeightBytes
        : new DenseExport(opened, request.Type).CountBytes();

    /// <inheritdoc/>
    public double ReadBack(string path) => TorchCheckpointFile.Compare(path, Tensors());

    private IEnumerable<StoredTensor> Tensors() =>
        request.Quant == Keep ? opened.StoredTensors() : opened.DecodedTensors(request.Type);
}
