using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Configuration;
using Hypercompress.Journal;
using Hypercompress.Models.Errors;

namespace Hypercompress.Pipeline.Keeping;

/// <summary>Recognises the artifact that an earlier run with the same inputs has finished.</summary>
internal static class FinishedRun
{
    /// <summary>
    /// The measurements of an artifact of the same inputs, all of whose files are as they were written.
    /// </summary>
    /// <param name="folder">The artifact.</param>
    /// <param name="inputs">The inputs of the run.</param>
    /// <param name="config">The effective configuration of the run.</param>
    /// <returns>Its report; null where it has other inputs, and there is the work of a run that goes on.</returns>
    /// <exception cref="CheckpointException">A file was changed or is missing.</exception>
    /// <exception cref="ConfigurationException">It has other inputs, and there is nothing to go on with.</exception>
    public static JsonObject? Find(string folder, RunInputs inputs, PipelineConfig config)
    {
        string work = WorkFolder.Of(folder);
        ImmutableArray<string> differences = Differences(folder, inputs, config);
        if (differences.IsEmpty)
        {
            JsonObject report = Report(folder);
            WorkFolder.Remove(work);
            return report;
        }

        return WorkFolder.IsWork(work)
            ? null
            : throw new ConfigurationException(
                $"--resume: {folder} is the result of a run with other inputs: {string.Join("; ", differences)}. Give "
                + "--restart to replace it, or another --out");
    }

    private static ImmutableArray<string> Differences(string folder, RunInputs inputs, PipelineConfig config)
    {
        ArtifactManifest manifest = ArtifactManifest.Read(folder);
        var now = inputs with { Settings = PipelineConfigWriter.WriteRecipe(config) };
        return now.Differences(new RunInputs(manifest.Inputs, ReadText(folder, ArtifactLayout.Recipe)));
    }

    private static JsonObject Report(string folder)
    {
        ArtifactManifest manifest = ArtifactManifest.Read(folder);
        if (ArtifactFiles.Check(folder, manifest).FirstOrDefault(check => !check.Ok) is { } broken)
        {
            throw Damaged(Path.Combine(folder, broken.Name), broken.Detail);
        }

        try
        {
            return JsonNode.Parse(ReadText(folder, ArtifactLayout.Report))!.AsObject();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Damaged(Path.Combine(folder, ArtifactLayout.Report), fault.Message);
        }
    }

    private static string ReadText(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Damaged(Path.Combine(folder, name), fault.Message);
        }
    }

    private static CheckpointException Damaged(string file, string problem) =>
        new(file, $"the artifact is not what was written ({problem}); give --restart to make it anew");
}
