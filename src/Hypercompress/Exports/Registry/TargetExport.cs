using Hypercompress.Artifacts;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Targets;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Registry;

/// <summary>Writes an artifact in the form of the runtime that it was planned for.</summary>
/// <param name="target">A runtime that reads exports.</param>
public sealed class TargetExport(RuntimeTarget target)
{
    private readonly ExportFormat _format = ExportFormats.Find(target?.Export
        ?? throw new ArgumentException("the runtime reads artifacts", nameof(target)));

    /// <summary>Where the export of an artifact goes: beside it.</summary>
    /// <param name="artifact">Folder of the artifact.</param>
    /// <returns>
    /// A path of the same name with the ending of the format; with the name of the runtime where that is a folder.
    /// </returns>
    public string PathFor(string artifact) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(artifact))
        + (_format.IsFile ? _format.Extension : "-" + target.Name);

    /// <summary>Finds out, before any work, whether the export can be written.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="replace">Whether an export that is already there may be replaced.</param>
    /// <exception cref="ConfigurationException">Something is there.</exception>
    public void Check(string path, bool replace)
    {
        if (Path.Exists(path) && !(replace && IsExport(path)))
        {
            string remedy = replace
                ? ": it is no earlier export, so it is not replaced; give another --out"
                : "; give another --out, or --restart to replace it";
            throw new ConfigurationException($"{path} exists, and the result would be written there{remedy}");
        }
    }

    /// <summary>Writes the export and reads it back.</summary>
    /// <param name="artifact">Folder of the artifact.</param>
    /// <param name="path">Where to; an earlier export is replaced.</param>
    /// <param name="forms">The forms that can be read.</param>
    /// <param name="say">Receives remarks.</param>
    /// <returns>The result.</returns>
    /// <exception cref="CheckpointException">The artifact cannot be read.</exception>
    public ExportResult Write(string artifact, string path, FormCatalog forms, Action<string> say)
    {
        using OpenModel opened = OpenModel.Open(artifact, forms);
        ScalarType plain = target.ComputesInSingle ? ScalarType.Float32 : PlainType(opened);
        return new ModelExporter(say).Export(
            opened, _format, new ExportRequest(path, plain, target.Quant, Verify: true) { Replace = true });
    }

    private bool IsExport(string path) =>
        _format.IsFile ? File.Exists(path) : File.Exists(Path.Combine(path, ArtifactLayout.Config));

    // Matrices that were not compressed stay as the teacher has them.
    private static ScalarType PlainType(OpenModel opened) => opened.Model.Decoder.Slots
        .Select(slot =>
            slot.Matrix is DenseForm { Values.Format: FloatFormat floats } ? floats.Type : (ScalarType?)null)
        .FirstOrDefault(type => type is not null) ?? ScalarType.Float16;
}
