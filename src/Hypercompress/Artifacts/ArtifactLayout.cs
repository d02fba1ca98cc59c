using System.Collections.Frozen;

namespace Hypercompress.Artifacts;

/// <summary>Names inside an artifact's folder.</summary>
public static class ArtifactLayout
{
    /// <summary>The Hugging Face configuration with a section <see cref="Section"/>.</summary>
    public const string Config = "config.json";

    /// <summary>The section of <see cref="Config"/> that says how every site is stored.</summary>
    public const string Section = "hypercompress";

    /// <summary>The model card.</summary>
    public const string Card = "README.md";

    /// <summary>Everything that was measured.</summary>
    public const string Report = "report.json";

    /// <summary>The same as a page for people.</summary>
    public const string Page = "report.html";

    /// <summary>Every measured series, one value per line.</summary>
    public const string Metrics = "metrics.jsonl";

    /// <summary>The student's scores on benchmark tasks, in the format of lm-evaluation-harness; optional.</summary>
    public const string Scores = "results.json";

    /// <summary>The teacher's scores on the same documents.</summary>
    public const string TeacherScores = "teacher_results.json";

    /// <summary>The decision for every site.</summary>
    public const string Plan = "plan.json";

    /// <summary>The effective configuration of the run.</summary>
    public const string Recipe = "recipe.yaml";

    /// <summary>The checkpoint for <c>torch.load</c>, when it was asked for.</summary>
    public const string TorchCheckpoint = "checkpoint.pt";

    // Files with times, memory or dates in them.
    private static readonly FrozenSet<string> Timed = FrozenSet.ToFrozenSet(
        [Card, Report, Page, Metrics, Scores, TeacherScores, TorchCheckpoint, ArtifactManifest.FileName],
        StringComparer.Ordinal);

    /// <summary>Whether a file has times, memory or dates in it, so that equal runs write it differently.</summary>
    /// <param name="name">Name inside the folder.</param>
    /// <returns>False for a file that is the same, to the byte, after every run with the same inputs.</returns>
    public static bool IsTimed(string name) => Timed.Contains(name);

    /// <summary>Version of the layout that this program writes and reads.</summary>
    public const int Version = 1;
}
