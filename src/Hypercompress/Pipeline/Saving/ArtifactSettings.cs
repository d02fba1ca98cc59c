using Hypercompress.Artifacts;
using Hypercompress.Evaluation;

namespace Hypercompress.Pipeline.Saving;

/// <summary>The options of a run that its artifact records or depends on.</summary>
/// <param name="Mode">The branches that worked: <c>hybrid</c> or the name of one.</param>
/// <param name="Recipe">The whole configuration as YAML.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Evaluation">How teacher and student were scored.</param>
/// <param name="Storage">The files that are written.</param>
public sealed record ArtifactSettings(
    string Mode, string Recipe, long Seed, EvaluationOptions Evaluation, StorageOptions Storage);
