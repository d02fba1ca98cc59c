using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;

namespace Hypercompress.Cli;

/// <summary>Recognises an artifact that an earlier run of the same command has finished.</summary>
internal static class FinishedRun
{
    /// <summary>Looks for the result of the same run.</summary>
    /// <param name="folder">Where the artifact would be.</param>
    /// <param name="package">The teacher.</param>
    /// <param name="config">The effective configuration.</param>
    /// <returns>Its report; null when there is none, or it comes from another model or configuration.</returns>
    /// <exception cref="CheckpointException">The manifest of the artifact was changed.</exception>
    public static JsonObject? Find(string folder, ModelPackage package, PipelineConfig config)
    {
        if (!Artifact.IsArtifact(folder))
        {
            return null;
        }

        ArtifactManifest manifest = ArtifactManifest.Read(folder);
        bool same = manifest.Teacher == package.Label && manifest.TeacherBytes == package.PublishedBytes
            && File.ReadAllText(Path.Combine(folder, ArtifactLayout.Recipe)) == PipelineConfigWriter.Write(config);
        return same ? JsonNode.Parse(File.ReadAllText(Path.Combine(folder, ArtifactLayout.Report)))!.AsObject() : null;
    }
}
