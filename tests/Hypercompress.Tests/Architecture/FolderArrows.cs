namespace Hypercompress.Tests.Architecture;

/// <summary>
/// Which folders of <c>src/Hypercompress</c> a folder may use; all may use <c>Hypercompress.Models</c>.
/// </summary>
internal static class FolderArrows
{
    public static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>
    {
        ["NumberFormats"] = [],
        ["Forms"] = ["NumberFormats"],
        ["Analysis"] = [],
        ["Branches"] = ["Analysis", "Forms", "NumberFormats"],
        ["Planning"] = ["Analysis", "Branches"],
        ["Merging"] = ["Analysis", "Branches", "Forms", "NumberFormats", "Planning"],
        ["Sequencing"] = ["Analysis", "Merging", "Surgery", "Training"],
        ["Surgery"] = ["Analysis", "Forms", "NumberFormats", "Merging"],
        ["Training"] = ["Forms"],
        ["Distillation"] = ["Training", "Surgery"],
        ["FineTuning"] = ["Training", "Distillation"],
        ["Settings"] = [],
        ["Evaluation"] = ["Settings"],
        ["Reporting"] = ["Analysis", "Branches", "Evaluation", "Forms", "Merging", "Planning", "Training"],
        ["Configuration"] =
            [
                "Analysis", "Branches", "Distillation", "Evaluation", "FineTuning", "Merging", "Planning", "Sequencing", "Settings",
                "Training",
            ],
        ["Artifacts"] =
            ["Analysis", "Branches", "Configuration", "Forms", "NumberFormats", "Planning", "Reporting", "Surgery"],
        ["Exports"] = ["Artifacts", "Forms", "NumberFormats"],
        ["Pipeline"] =
        [
            "Analysis", "Artifacts", "Branches", "Configuration", "Distillation", "Evaluation", "FineTuning", "Forms",
            "Merging", "NumberFormats", "Planning", "Reporting", "Sequencing", "Surgery", "Training",
        ],
    };
}
