namespace Hypercompress.Tests.Architecture;

/// <summary>Which rooms of a project a room may use; all rooms of the core may use
/// <c>Hypercompress.Models</c>.</summary>
internal static class FolderArrows
{
    /// <summary>Rooms of the library that runs models.</summary>
    public static IReadOnlyDictionary<string, string[]> Models { get; } = new Dictionary<string, string[]>
    {
        ["Errors"] = [],
        ["Native"] = ["Errors", "Files"],
        ["Files"] = ["Errors"],
        ["Architectures"] = ["Errors"],
        ["Checkpoints"] = ["Errors", "Files"],
        ["Templates"] = ["Errors"],
        ["Tokenization"] = ["Checkpoints", "Errors"],
        ["Kernels"] = [],
        ["Transformer"] = ["Architectures", "Checkpoints", "Errors", "Kernels", "Native"],
        ["Inference"] = ["Architectures", "Checkpoints", "Errors", "Kernels", "Transformer"],
        ["Hub"] = ["Checkpoints", "Errors", "Files", "Tokenization"],
        ["Packages"] = ["Architectures", "Checkpoints", "Errors", "Hub", "Tokenization", "Transformer"],
        ["Corpora"] = ["Errors", "Files", "Tokenization"],
        ["Generation"] = ["Errors", "Inference", "Packages", "Templates", "Tokenization", "Transformer"],
    };

    /// <summary>Rooms of the library that compresses them.</summary>
    public static IReadOnlyDictionary<string, string[]> Core { get; } = new Dictionary<string, string[]>
    {
        ["Sites"] = [],
        ["Processes"] = [],
        ["Journal"] = ["Processes"],
        ["Phases"] = ["Journal", "Processes", "Settings"],
        ["NumberFormats"] = [],
        ["Forms"] = ["NumberFormats"],
        ["Analysis"] = ["Journal", "Processes", "Sites"],
        ["Targets"] = ["NumberFormats"],
        ["Branches"] = ["Forms", "NumberFormats", "Sites", "Targets"],
        ["Planning"] = ["Branches", "Settings", "Sites", "Targets"],
        ["Merging"] = ["Branches", "Forms", "NumberFormats", "Planning", "Sites"],
        ["Surgery"] = ["Forms", "Merging", "NumberFormats", "Sites"],
        ["Training"] = ["Forms", "Journal", "NumberFormats", "Processes"],
        ["Sequential"] = ["Analysis", "Merging", "Processes", "Sites", "Surgery", "Training"],
        ["Distillation"] = ["Surgery", "Training"],
        ["FineTuning"] = ["Distillation", "Training"],
        ["Students"] = ["Training"],
        ["Settings"] = [],
        ["Evaluation"] = ["Processes", "Settings"],
        ["Reporting"] =
        [
            "Analysis", "Branches", "Evaluation", "Forms", "Merging", "NumberFormats", "Phases", "Planning", "Sites",
            "Training",
        ],
        ["Configuration"] =
        [
            "Analysis", "Artifacts", "Branches", "Distillation", "Evaluation", "FineTuning", "Merging", "Phases",
            "Planning", "Sequential", "Settings", "Students",
        ],
        ["Artifacts"] = ["Forms", "NumberFormats", "Planning", "Settings", "Sites"],
        ["Exports"] = ["Artifacts", "Forms", "NumberFormats", "Targets"],
        ["Pipeline"] =
        [
            "Analysis", "Artifacts", "Branches", "Configuration", "Distillation", "Evaluation", "FineTuning", "Forms",
            "Journal", "Merging", "NumberFormats", "Phases", "Planning", "Processes", "Reporting", "Sequential",
            "Sites", "Students", "Surgery", "Targets", "Training",
        ],
    };
}
