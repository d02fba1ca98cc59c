using Hypercompress.Artifacts;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Exports.Registry;

/// <summary>
/// Exports models: reports what a format cannot hold, writes to a temporary path, reads back, publishes.
/// </summary>
/// <param name="say">Receives, before anything is written, sentences about what the export will leave out.</param>
public sealed class ModelExporter(Action<string> say)
{
    private const string Keep = "keep";
    private const string Elsewhere = "give an --out on another disk";

    /// <summary>Exports a model.</summary>
    /// <param name="opened">The model.</param>
    /// <param name="format">Where to.</param>
    /// <param name="request">Where and how.</param>
    /// <returns>The result; nothing is written to the target when the export failed its check.</returns>
    /// <exception cref="ConfigurationException">
    /// The target exists or has the wrong ending, the format has no such quantization, or it cannot hold the model.
    /// </exception>
    /// <exception cref="IOException">The disk is too full or fails.</exception>
    public ExportResult Export(OpenModel opened, ExportFormat format, ExportRequest request)
    {
        ArgumentNullException.ThrowIfNull(opened);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(request);
        Check(format, request);
        IModelExport export = format.Create(opened, request);
        foreach (string note in export.Notes.Concat(Rerounding(opened, request)))
        {
            say(note);
        }

        RequireSpace(export, request.Path);
        try
        {
            return format.IsFile ? IntoFile(export, request) : IntoFolder(export, request);
        }
        catch (IOException fault)
        {
            throw new IOException(
                $"--out {request.Path}: the export cannot be written: {FreeSpace.Reason(fault, Elsewhere)}", fault);
        }
    }

    private static void Check(ExportFormat format, ExportRequest request)
    {
        if (request.Quant is { } quant && !format.Quants.Contains(quant))
        {
            string choices = format.Quants.IsEmpty ? "none" : string.Join(", ", format.Quants);
            throw new ConfigurationException($"--quant {quant} is not for --format {format.Name}; it has: {choices}");
        }

        if (format.IsFile && !request.Path.EndsWith(format.Extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException(
                $"--out {request.Path}: --format {format.Name} writes one file; give a name that ends in "
                    + $"{format.Extension}");
        }
    }

    // What an export holds beside its weights is small.
    private static void RequireSpace(IModelExport export, string path)
    {
        string folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) ?? path;
        FreeSpace.Require($"--out {path}", folder, export.CountBytes(), "the export takes at least", Elsewhere);
    }

    // Rounding twice adds up; what it does to logits is measured when the export is read back.
    private static IEnumerable<string> Rerounding(OpenModel opened, ExportRequest request)
    {
        int rounded = opened.Model.Decoder.Slots.Count(
            slot => slot.Matrix is FormMatrix form && form.StoredBlocks.Any(block => block.Format.IsCoarse));
        if (rounded > 0 && request.Quant is { } quant && quant != Keep)
        {
            yield return $"{rounded} matrices of the artifact are rounded already, and --quant {quant} rounds them "
                + "again; the loss adds up: compress the model for that runtime instead (compress MODEL --for gguf, "
                + "hf, onnx or vllm)";
        }
    }

    private static ExportResult IntoFile(IModelExport export, ExportRequest request)
    {
        using var staged = new StagedFile(request.Path, request.Replace);
        ExportResult result = Run(export, request, staged.Path);
        if (result.IsPublished)
        {
            staged.Publish();
        }

        return result;
    }

    private static ExportResult IntoFolder(IModelExport export, ExportRequest request)
    {
        using var staged = new StagedFolder(request.Path, request.Replace ? ArtifactLayout.Config : null);
        ExportResult result = Run(export, request, staged.Path);
        if (result.IsPublished)
        {
            staged.Publish();
        }

        return result;
    }

    private static ExportResult Run(IModelExport export, ExportRequest request, string path)
    {
        long bytes = export.Write(path);
        string[] files = File.Exists(path) ? [path] : Directory.GetFiles(path, "*", SearchOption.AllDirectories);
        long fileBytes = files.Sum(file => new FileInfo(file).Length);
        return request.Verify
            ? new ExportResult(request.Path, bytes, fileBytes, export.ReadBack(path), export.Tolerance)
            : new ExportResult(request.Path, bytes, fileBytes, null, double.MaxValue);
    }
}
