using Hypercompress.Artifacts;
using Hypercompress.Reporting;

namespace Hypercompress.Pipeline.Runs;

/// <summary>The artifact and the measurements of a run.</summary>
/// <param name="Folder">The artifact.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Report">All measurements.</param>
/// <param name="Samples">
/// A text from the teacher and one from the student, from the same prompt; empty without a tokenizer.
/// </param>
public sealed record PipelineArtifacts(
    string Folder, ArtifactManifest Manifest, CompressionReport Report, TextSamples Samples);
