using System.Text.Json.Nodes;
using Hypercompress.Phases;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>Teacher and student on the validation texts: perplexity, and the distance of their predictions.</summary>
internal static class QualitySection
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        IReadOnlyList<JsonObject> texts = report.Entries("evaluation", "texts");
        if (texts.Count == 0)
        {
            return;
        }

        PageFrame.Begin(page, "quality", "Teacher and student");
        page.Element("p", "Both models were scored on the same windows in one run; ± is one standard error.");
        PageTable.Write(
            page,
            "Perplexity",
            ["text", "windows", "tokens", "teacher", "student", "loss gap, nats"],
            texts.Select(Scores));
        PageTable.Write(
            page,
            "KL divergence of the student's predictions from the teacher's, nats per token",
            ["text", "mean", "median", "99 %", "99.9 %", "maximum", "same first guess", "RMS Δp"],
            texts.Select(Divergence));
        page.Element(
            "p",
            "RMS Δp: root mean square of the difference between the probabilities that student and teacher gave to "
            + "the token that actually came next.",
            ("class", "soft"));
        WritePrediction(page, report);
        WriteAblations(page, report.Entries("evaluation", "ablations"));
        PageFrame.End(page);
    }

    private static PageCell[] Scores(JsonObject text)
    {
        JsonNode? teacher = text["teacher"];
        JsonNode? student = text["student"];
        return
        [
            new(Figures.FileName(teacher.Word("file"))),
            new($"{teacher.Word("convention")}, {Figures.Count(teacher.Number("window"))}"),
            PageCell.Of(Figures.Count(teacher.Number("tokens")), teacher.Number("tokens")),
            Perplexity(teacher),
            Perplexity(student),
            Uncertain(text.Number("loss_difference"), text.Number("loss_difference_standard_error")),
        ];
    }

    private static PageCell[] Divergence(JsonObject text)
    {
        JsonNode? spread = text["quantiles"];
        return
        [
            new(Figures.FileName(text.Word("teacher", "file"))),
            Uncertain(text.Number("divergence"), text.Number("divergence_standard_error")),
            Plain(spread.Number("median")),
            Plain(spread.Number("percentile99")),
            Plain(spread.Number("percentile999")),
            Plain(spread.Number("maximum")),
            PageCell.Of(Agreement(text), text.Number("agreement")),
            Uncertain(
                text.Number("probability_difference"), text.Number("probability_difference_standard_error")),
        ];
    }

    private static string Agreement(JsonObject text) => text.Number("agreement_standard_error") is { } error
        ? $"{Figures.Uncertain(100 * text.Number("agreement"), 100 * error)} %"
        : Figures.Percent(text.Number("agreement"));

    private static PageCell Perplexity(JsonNode? model) =>
        Uncertain(model.Number("perplexity"), model.Number("perplexity_standard_error"));

    private static PageCell Uncertain(double? value, double? error) =>
        PageCell.Of(Figures.Uncertain(value, error), value);

    private static PageCell Plain(double? value) => PageCell.Of(Figures.Short(value), value);

    private static void WritePrediction(Markup page, JsonObject report)
    {
        if (report.At("predicted_perplexity").Forecast() is { } predicted)
        {
            bool trained = report.Entries("training").Any(
                phase => phase.Number("steps") > 0 && phase.Word("name") != Phase.Student.Name);
            string after = report.At("predicted_trained_perplexity").Forecast() is { } expected
                ? $" and {expected.ToText(Figures.ShortFormat)} after training"
                : string.Empty;
            string measured = report.Number("perplexity", "student") is { } reached
                ? $"; {Figures.Short(reached)} was measured"
                : string.Empty;
            page.Element(
                "p",
                $"The plan predicted a perplexity of {predicted.ToText(Figures.ShortFormat)} on the first "
                + $"text{(trained ? " before training" : "")}{after}{measured}.");
        }
    }

    private static void WriteAblations(Markup page, IReadOnlyList<JsonObject> ablations)
    {
        if (ablations.Count > 0)
        {
            PageTable.Write(
                page,
                "The student with one branch taken back: its sites have the teacher's matrices again",
                ["branch", "sites", "bytes", "perplexity"],
                ablations.Select(ablation => (PageCell[])
                [
                    new(ablation.Word("branch")),
                    PageCell.Of(Figures.Count(ablation.Number("sites")), ablation.Number("sites")),
                    PageCell.Of(Figures.Count(ablation.Number("bytes")), ablation.Number("bytes")),
                    Perplexity(ablation["perplexity"]),
                ]));
        }
    }
}
