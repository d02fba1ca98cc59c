using Hypercompress.Artifacts;
using Hypercompress.Exports;
using Hypercompress.Exports.Registry;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using static TorchSharp.torch;

namespace Hypercompress.Cli;

/// <summary>
/// The files of the model that is compressed; those of an artifact are decoded into a folder of their own.
/// </summary>
internal sealed class TeacherFiles : IDisposable
{
    private readonly string? _decoded;

    private TeacherFiles(ModelPackage package, string? decoded) => (Package, _decoded) = (package, decoded);

    /// <summary>The files.</summary>
    public ModelPackage Package { get; }

    /// <summary>Opens what was named.</summary>
    /// <param name="path">What was typed, or null.</param>
    /// <param name="access">Finds and checks models.</param>
    /// <param name="decodes">Whether the weights of an artifact are decoded.</param>
    /// <returns>The files; the caller disposes them.</returns>
    /// <exception cref="ConfigurationException">
    /// It is an artifact and is not to be decoded, or the other way round.
    /// </exception>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static TeacherFiles Open(string? path, ModelAccess access, bool decodes)
    {
        string place = ModelOpener.Locate(path, access);
        bool isArtifact = Artifact.IsArtifact(place);
        if (isArtifact != decodes)
        {
            throw new ConfigurationException(isArtifact
                ? $"{path} is an artifact, compressed already: give the model that it was made from{Origin(place)}, or "
                    + "--from-decoded to compress its decoded weights (the loss it already has stays in the result)"
                : "--from-decoded is for artifacts; leave it out");
        }

        return isArtifact ? Decode(path, place, access) : new TeacherFiles(
            ModelPackage.Open(place, access.LocateBase()), null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Package.Dispose();
        if (_decoded is not null)
        {
            Directory.Delete(_decoded, recursive: true);
        }
    }

    private static string Origin(string artifact)
    {
        string report = Path.Combine(artifact, ArtifactLayout.Report);
        return File.Exists(report) && JsonFile.ReadObject(report)["model"] is { } name ? $" ({name})" : string.Empty;
    }

    // The folder has the name of the artifact, since the result is named after it.
    private static TeacherFiles Decode(string? path, string place, ModelAccess access)
    {
        string parent = Directory.CreateTempSubdirectory("hypercompress-").FullName;
        try
        {
            string folder = Path.Combine(parent, Path.GetFileName(Path.TrimEndingDirectorySeparator(
                Path.GetFullPath(place))));
            using (OpenModel opened = ModelOpener.Open(path, access))
            {
                var request = new ExportRequest(folder, TypeOf(opened), Quant: null, Verify: false);
                new ModelExporter(_ => { }).Export(opened, ExportFormats.Find("hf-dense"), request);
            }

            return new TeacherFiles(ModelPackage.Open(folder), parent);
        }
        catch
        {
            Directory.Delete(parent, recursive: true);
            throw;
        }
    }

    // As the model that the artifact was made from.
    private static ScalarType TypeOf(OpenModel opened) =>
        (string?)(opened.Config["dtype"] ?? opened.Config["torch_dtype"]) switch
        {
            "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            _ => ScalarType.Float16,
        };
}
