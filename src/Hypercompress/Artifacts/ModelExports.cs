using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>Writes models in formats that other programs load, and reads them back to prove it.</summary>
public static class ModelExports
{
    // Rounding weights to 16 bits moves logits of small models by about 1e-2; a wrong tensor moves them by more than 1.
    private const double HalfTolerance = 0.25;
    private const double SingleTolerance = 1e-3;
    private const int ProbeTokens = 32;

    /// <summary>A Hugging Face folder with every form multiplied out.</summary>
    /// <param name="opened">The model.</param>
    /// <param name="request">Where and how.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ConfigurationException">The folder exists.</exception>
    public static ExportResult HfDense(OpenModel opened, ExportRequest request)
    {
        ArgumentNullException.ThrowIfNull(opened);
        ArgumentNullException.ThrowIfNull(request);
        using var staged = new StagedFolder(request.Path, replace: false);
        var exporter = new HfDenseExporter(opened.Model.Decoder, opened.Config, opened.SideFiles, request.Type);
        long bytes = exporter.Write(staged.Path);
        double? error = request.Verify ? CompareFolder(opened.Model.Decoder, staged.Path) : null;
        double tolerance = request.Type == ScalarType.Float32 ? SingleTolerance : HalfTolerance;
        if (error is null || error <= tolerance)
        {
            staged.Publish();
        }

        return new ExportResult(request.Path, bytes, error, tolerance);
    }

    /// <summary>A checkpoint for <c>torch.load(weights_only=True)</c> with the mission's six entries.</summary>
    /// <param name="opened">The model; an artifact brings its own report.</param>
    /// <param name="request">Where.</param>
    /// <returns>What came of it; the tensors are compared value by value.</returns>
    /// <exception cref="ConfigurationException">The file exists.</exception>
    public static ExportResult TorchCheckpoint(OpenModel opened, ExportRequest request)
    {
        ArgumentNullException.ThrowIfNull(opened);
        ArgumentNullException.ThrowIfNull(request);
        if (Path.Exists(request.Path))
        {
            throw new ConfigurationException($"{request.Path} exists; give a file that does not exist yet");
        }

        JsonObject report = opened.ReadReport() ?? [];
        long bytes = TorchCheckpointFile.Write(request.Path, opened.StoredTensors(), opened.Config, report);
        double? error = request.Verify ? TorchCheckpointFile.Compare(request.Path, opened.StoredTensors()) : null;
        return new ExportResult(request.Path, bytes, error, Tolerance: 0);
    }

    private static double CompareFolder(DecoderModel model, string folder)
    {
        using ModelPackage package = ModelPackage.Open(folder);
        using var copy = DecoderModel.Load(DecoderConfig.Parse(package.Config, folder), package.Tensors);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long vocabulary = model.Config.VocabularySize;
        int count = int.Min(ProbeTokens, model.Config.MaxPositions);
        Tensor ids = (arange(count, ScalarType.Int64) * 7919 % vocabulary).unsqueeze(0);
        return (model.Forward(ids) - copy.Forward(ids)).abs().max().item<float>();
    }
}
