using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Cli.Output;
using Hypercompress.Exports;
using Hypercompress.Exports.Registry;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;
using Hypercompress.Targets;

namespace Hypercompress.Cli.Commands;

/// <summary>The file for another runtime that <c>compress</c> writes beside the artifact or in its place.</summary>
internal sealed class TargetOutput
{
    // The same in every process, so that a stopped run finds its work.
    private const string PassingEnding = ".artifact";

    private readonly TargetExport? _export;
    private readonly string _path;
    private readonly bool _only;

    /// <summary>Finds out, before any work, where the file goes.</summary>
    /// <param name="runtime">The runtime of the configuration.</param>
    /// <param name="folder">Folder of the artifact.</param>
    /// <param name="only">Whether the artifact is dropped.</param>
    /// <param name="replace">Whether what is there may be replaced.</param>
    /// <exception cref="ConfigurationException">Something is there, or there is nothing to export for.</exception>
    public TargetOutput(string runtime, string folder, bool only, bool replace)
    {
        RuntimeTarget target = RuntimeTargets.Find(runtime);
        if (target.Export is null)
        {
            if (only)
            {
                throw new ConfigurationException(
                    "--only-export needs a runtime that reads a file of its own: --for gguf, onnx, hf or vllm");
            }

            (_path, Artifact) = (string.Empty, folder);
            return;
        }

        (_export, _only) = (new TargetExport(target), only);
        _path = _export.PathFor(folder);
        _export.Check(_path, replace);
        Artifact = only ? Path.TrimEndingDirectorySeparator(folder) + PassingEnding : folder;
    }

    /// <summary>Folder in which the artifact is made.</summary>
    public string Artifact { get; }

    /// <summary>Whether the artifact stays beside the file.</summary>
    public bool KeepsArtifact => !_only;

    /// <summary>Writes the file.</summary>
    /// <param name="say">Receives remarks.</param>
    /// <returns>What was written; null where the runtime reads the artifact.</returns>
    public ExportResult? Write(Action<string> say) =>
        _export?.Write(Artifact, _path, new BranchRegistry().CreateCatalog(), say);

    /// <summary>What exports of an artifact would take.</summary>
    /// <returns>Bytes by export; none where the artifact was made for another runtime.</returns>
    public ImmutableArray<KeyValuePair<string, long>> Sizes()
    {
        if (_export is not null)
        {
            return [];
        }

        using OpenModel opened = OpenModel.Open(Artifact, new BranchRegistry().CreateCatalog(), check: false);
        return ExportSizes.Of(opened);
    }

    /// <summary>Removes an artifact that is not wanted, whether the run succeeded or not.</summary>
    public void CleanUp()
    {
        if (_only && Directory.Exists(Artifact))
        {
            Directory.Delete(Artifact, recursive: true);
        }
    }

    /// <summary>Adds the file to the report of the run.</summary>
    /// <param name="report">The report as it is printed.</param>
    /// <param name="written">What was written.</param>
    public void AddTo(JsonObject report, ExportResult written)
    {
        report["export"] = new JsonObject
        {
            ["path"] = written.Path,
            ["bytes"] = written.Bytes,
            ["file_bytes"] = written.FileBytes,
            ["max_logit_error"] = written.MaximumLogitError,
        };
        if (_only)
        {
            report["artifact"] = null;
        }
    }

    /// <summary>Adds what exports would take to the report of the run.</summary>
    /// <param name="report">The report as it is printed.</param>
    /// <param name="sizes">Bytes by export.</param>
    public static void AddTo(JsonObject report, ImmutableArray<KeyValuePair<string, long>> sizes)
    {
        if (!sizes.IsEmpty)
        {
            report["exports"] =
                new JsonObject(sizes.Select(size => KeyValuePair.Create(size.Key, (JsonNode?)size.Value)));
        }
    }

    /// <summary>One line for people about what exports would take; those of one size are named together.</summary>
    /// <param name="sizes">Bytes by export.</param>
    public static string Line(ImmutableArray<KeyValuePair<string, long>> sizes) => $"{"exports",-12} "
        + string.Join("; ", sizes.GroupBy(size => SizeText.Of(size.Value)).Select(group =>
            $"{string.Join(", ", group.Select(size => size.Key.Replace(" --quant", "", StringComparison.Ordinal)))} "
            + group.Key));

    /// <summary>One line about the file for people.</summary>
    /// <param name="written">What was written.</param>
    public static string Line(ExportResult written) => $"{"export",-12} {written.Path}: "
        + $"{SizeText.Of(written.Bytes)} of weights, {SizeText.Of(written.FileBytes)} of files";
}
