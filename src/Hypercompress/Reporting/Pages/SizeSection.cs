using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>What was asked for, and what the student takes.</summary>
internal static class SizeSection
{
    private static readonly (string Name, string Key, string RatioKey)[] Sizes =
    [
        ("bytes of the weights", "bytes", "compression_ratio"),
        ("stored parameters", "parameters", "param_ratio"),
        ("bytes of key/value cache per token", "kv_bytes_per_token", "kv_ratio"),
        ("multiply-adds per token", "multiply_adds_per_token", "flop_ratio"),
    ];

    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        PageFrame.Begin(page, "size", "Asked and achieved");
        page.Element(
            "p",
            $"Asked for a ratio of {Figures.Short(report.Number("asked_ratio"))}, reached "
            + $"{Figures.Short(report.Number("compression_ratio"))}; both are ratios of stored bytes.");
        PageTable.Write(
            page,
            "Sizes of teacher and student",
            ["size", "teacher", "student", "ratio"],
            Sizes.Select(size => Row(report, size.Name, size.Key, size.RatioKey)));
        WriteMemory(page, report);
        PageFrame.End(page);
    }

    // Not in reports of earlier versions.
    private static void WriteMemory(Markup page, JsonObject report)
    {
        if (report.Number("memory", "fast_bytes") is { } fast)
        {
            page.Element(
                "p",
                $"Memory to generate, an estimate: {Figures.Bytes(fast)} with --memory fast, "
                + $"{Figures.Bytes(report.Number("memory", "small_bytes"))} with --memory small, and "
                + $"{Figures.Bytes(report.Number("memory", "cache_bytes_per_token"))} more for each token.");
        }
    }

    private static PageCell[] Row(JsonObject report, string name, string key, string ratio) =>
    [
        new(name),
        PageCell.Of(Figures.Count(report.Number(key, "teacher")), report.Number(key, "teacher")),
        PageCell.Of(Figures.Count(report.Number(key, "student")), report.Number(key, "student")),
        PageCell.Of(Figures.Ratio(report.Number(ratio)), report.Number(ratio)),
    ];
}
