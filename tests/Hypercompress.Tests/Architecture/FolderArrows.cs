namespace Hypercompress.Tests.Architecture;

/// <summary>
/// Which folders of <c>src/Hypercompress</c> a folder may use; all may use <c>Hypercompress.Models</c>.
/// </summary>
internal static class FolderArrows
{
    public static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>
    {
        ["Sites"] = [],
        ["Phases"] = [],
        ["NumberFormats"] = [],
        ["Forms"] = ["NumberFormats"],
        ["Analysis"] = ["Sites"],
        ["Branches"] = ["Forms", "NumberFormats", "Sites"],
        ["Planning"] = ["Branches", "Sites"],
        ["Merging"] = ["Branches", "Forms", "NumberFormats", "Planning", "Sites"],
        ["Surgery"] = ["Forms", "Merging", "NumberFormats", "Sites"],
        ["Training"] = ["Forms"],
        ["Sequential"] = ["Analysis", "Merging", "Sites", "Surgery", "Training"],
        ["Distillation"] = ["Surgery", "Training"],
        ["FineTuning"] = ["Distillation", "Training"],
        ["Settings"] = [],
        ["Evaluation"] = ["Settings"],
        ["Reporting"] = ["Analysis", "Branches", "Evaluation", "Forms", "Merging", "Planning", "Sites", "Training"],
        ["Configuration"] =
        [
            "Branches", "Distillation", "Evaluation", "FineTuning", "Merging", "Sequential", "Settings",
        ],
        ["Artifacts"] = ["Configuration", "Forms", "NumberFormats", "Planning", "Reporting", "Sites", "Surgery"],
        ["Exports"] = ["Artifacts", "Forms", "NumberFormats"],
        ["Pipeline"] =
        [
            "Analysis", "Artifacts", "Branches", "Configuration", "Distillation", "Evaluation", "FineTuning", "Forms",
            "Merging", "NumberFormats", "Phases", "Planning", "Reporting", "Sequential", "Sites", "Surgery", "Training",
        ],
    };
}
