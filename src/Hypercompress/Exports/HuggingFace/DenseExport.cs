using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>
/// A model in the stock layout of its architecture, every form multiplied out, so that any program that loads Hugging
/// Face folders can run it.
/// </summary>
/// <param name="opened">The model.</param>
/// <param name="type">Float32, Float16 or BFloat16.</param>
/// <param name="maximumShardBytes">Weights beyond this are split over several files.</param>
internal sealed class DenseExport(
    OpenModel opened, ScalarType type, long maximumShardBytes = SafetensorsWriter.DefaultShardBytes) : IModelExport
{
    private readonly DecoderModel _model = opened.Model.Decoder;

    /// <inheritdoc/>
    public ImmutableArray<string> Notes => [];

    /// <inheritdoc/>
    public double Tolerance => LogitComparison.ToleranceOf(type, _model);

    /// <inheritdoc/>
    public long Write(string path)
    {
        ModelFolder.WriteSideFiles(path, opened.SideFiles);
        JsonFile.Write(
            Path.Combine(path, ArtifactLayout.Config),
            ModelFolder.DenseConfig(opened.Config, _model.Config.Family, type));
        return SafetensorsWriter.WriteSharded(path, [.. Tensors()], maximumShardBytes);
    }

    /// <inheritdoc/>
    public long CountBytes() => Tensors().Sum(tensor => tensor.ByteLength);

    /// <inheritdoc/>
    public double ReadBack(string path)
    {
        using ModelPackage package = ModelPackage.Open(path);
        using var copy = DecoderModel.Load(package.ReadDecoderConfig(), package.Tensors);
        return MatrixComparison.Largest(_model, copy) <= MatrixComparison.ToleranceOf(type)
            ? LogitComparison.Largest(_model, ids => copy.Forward(ids))
            : double.PositiveInfinity;
    }

    private IEnumerable<TensorToWrite> Tensors()
    {
        var values = new SlotRows(_model);
        return new DecoderLayout(_model.Config).Tensors()
            .Select(stored => ModelFolder.StockTensor(values, stored, type));
    }
}
