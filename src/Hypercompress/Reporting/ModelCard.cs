using System.Globalization;
using System.Text;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Phases;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting;

/// <summary>Writes the model card: size, quality and origin of a compressed model.</summary>
internal static class ModelCard
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes the <c>README.md</c> of an artifact.</summary>
    /// <param name="report">The report.</param>
    /// <param name="loadsInPython">Whether transformers can load the artifact as it is.</param>
    /// <returns>Markdown with a metadata block that model hubs read.</returns>
    public static string Write(CompressionReport report, bool loadsInPython)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        WriteHead(text, report);
        WriteSizes(text, report);
        WriteQuality(text, report);
        WriteLimit(text, report);
        WriteTasks(text, report.Evaluation.Tasks);
        WriteUse(text, loadsInPython);
        WriteBranches(text, report);
        WriteTraining(text, report);
        WriteSites(text, report);
        WriteWords(text, report);
        WriteRun(text, report);
        return text.ToString();
    }

    private static void WriteHead(StringBuilder text, CompressionReport report) => text.Append(
        Culture,
        $"""
        ---
        library_name: transformers
        pipeline_tag: text-generation
        tags: [hypercompress, compression]
        ---

        # {Plain(report.Model)}, compressed {report.CompressionRatio:0.##} times

        The weights take {Figures.Bytes(report.Bytes.Student)}; those of the original take
        {Figures.Bytes(report.Bytes.Teacher)}. Requested ratio: {report.AskedRatio:0.####}. Reached ratio:
        {report.CompressionRatio:0.####}. Both are ratios of stored bytes.


        """);

    private static void WriteSizes(StringBuilder text, CompressionReport report)
    {
        text.Append("## Size\n\n| | original | compressed | ratio |\n|---|---:|---:|---:|\n");
        WriteSize(text, "bytes of the weights", report.Bytes, report.CompressionRatio);
        WriteSize(text, "stored parameters", report.Parameters, report.ParamRatio);
        WriteSize(text, "bytes of key/value cache per token", report.KvBytesPerToken, report.KvRatio);
        WriteSize(text, "multiply-adds per token", report.MultiplyAddsPerToken, report.FlopRatio);
        text.Append('\n');
        WriteMemory(text, report.Memory);
    }

    private static void WriteMemory(StringBuilder text, RuntimeMemory? memory)
    {
        if (memory is not null)
        {
            text.Append(Culture, $"Memory to generate, an estimate: {Figures.Bytes(memory.FastBytes)} with ")
                .Append(Culture, $"`--memory fast`, {Figures.Bytes(memory.SmallBytes)} with `--memory small`, and ")
                .Append(Culture, $"{memory.CacheBytesPerToken} bytes more for each token\nof the text. Of this the ")
                .Append(Culture, $"matrices take {Figures.Bytes(memory.FastMatrixBytes)} and ")
                .Append(Culture, $"{Figures.Bytes(memory.SmallMatrixBytes)}. `generate` prints what it really ")
                .Append("took.\n\n");
        }
    }

    private static void WriteSize(StringBuilder text, string what, TeacherStudent<long> sizes, double ratio) =>
        text.Append(Culture, $"| {what} | {sizes.Teacher:#,##0} | {sizes.Student:#,##0} | {Figures.Ratio(ratio)} |\n");

    private static void WriteQuality(StringBuilder text, CompressionReport report)
    {
        text.Append("## Quality\n\n");
        if (report.Evaluation.Texts.IsDefaultOrEmpty)
        {
            text.Append("Quality was not measured: the run had no validation text.\n\n");
            return;
        }

        text.Append("Both models were evaluated on the same windows in one run; ± is one standard error. Losses and "
            + "divergences are means per token\nin nats (natural logarithms): 0.01 nats more loss are 1 % more "
            + "perplexity.\n\n"
            + "| text | windows | tokens | perplexity, original | perplexity, compressed | loss difference, nats | "
            + "KL divergence, nats | same first guess |\n|---|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (ComparisonResult result in report.Evaluation.Texts)
        {
            WriteComparison(text, result);
        }

        text.Append('\n');
    }

    private static void WriteComparison(StringBuilder text, ComparisonResult result)
    {
        (PerplexityResult teacher, PerplexityResult student) = (result.Teacher, result.Student);
        string[] cells =
        [
            Plain(Path.GetFileName(teacher.File)),
            string.Create(Culture, $"{teacher.Convention}, {teacher.Window}"),
            teacher.Tokens.ToString(Culture),
            Uncertain(teacher.Perplexity, teacher.PerplexityStandardError),
            Uncertain(student.Perplexity, student.PerplexityStandardError),
            Uncertain(result.LossDifference, result.LossDifferenceStandardError),
            Uncertain(result.Divergence, result.DivergenceStandardError),
            string.Create(Culture, $"{100 * result.Agreement:F1} %"),
        ];
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    private static void WriteLimit(StringBuilder text, CompressionReport report)
    {
        bool trained = report.IsTrained;
        if (report.PredictedPerplexity is { } predicted)
        {
            text.Append(Culture, $"Predicted perplexity on the first text{(trained ? ", before training" : "")}: ")
                .Append(predicted.ToText(Figures.ShortFormat));
            if (report.PredictedTrainedPerplexity is { } after)
            {
                text.Append("; after training: ").Append(after.ToText(Figures.ShortFormat));
            }

            if (report.Perplexity is { } measured)
            {
                text.Append("; measured: ").Append(Figures.Short(measured.Student));
            }

            text.Append(".\n\n");
        }

        if (report.Limit is { } limit)
        {
            text.Append(Culture, $"{(trained ? "Before training the" : "The")} matrices take {limit.Bits:0.000} bits ")
                .Append("per weight. ")
                .Append(Culture, $"For the same predicted loss ({Number(limit.Error)} nats per token) the ")
                .Append(Culture, $"rate–distortion limit of a Gaussian source is {limit.LimitBits:0.000} bits, ")
                .Append(Culture, $"{limit.Gap:0.000} less. ")
                .Append(Culture, $"With these bits the smallest possible loss is {Number(limit.LimitError)}.\n\n");
        }
    }

    private static void WriteTasks(StringBuilder text, TaskReport? report)
    {
        if (report is not { Teacher: { } teacher, Student: var student })
        {
            return;
        }

        text.Append("## Tasks\n\nScores as defined by lm-evaluation-harness 0.4.13, of both models on the same "
            + "documents; ± is one standard error; for differences it is computed from the paired answers.\n\n"
            + "| task | shots | documents | metric | original | compressed | difference |\n"
            + "|---|---:|---:|---|---:|---:|---:|\n");
        foreach ((TaskResult before, TaskResult after) in teacher.Tasks.Zip(student.Tasks))
        {
            WriteTask(text, report, after.Task, $"{after.Shots}", after.Documents, before.Metrics, after.Metrics);
        }

        foreach ((GroupResult before, GroupResult after) in teacher.Groups.Zip(student.Groups))
        {
            WriteTask(text, report, after.Group, string.Empty, after.Documents, before.Metrics, after.Metrics);
        }

        text.Append('\n');
    }

    private static void WriteTask(
        StringBuilder text,
        TaskReport report,
        string task,
        string shots,
        int documents,
        IReadOnlyList<MetricResult> teacher,
        IReadOnlyList<MetricResult> student)
    {
        IReadOnlyList<MetricDifference> differences =
            report.Comparisons.FirstOrDefault(comparison => comparison.Task == task)?.Differences ?? [];
        for (int i = 0; i < student.Count; i++)
        {
            MetricDifference? less = differences.FirstOrDefault(
                difference => difference.Name == student[i].Name && difference.Filter == student[i].Filter);
            string filter = student[i].Filter == AnswerFilter.None ? string.Empty : $", {student[i].Filter}";
            text.Append(Culture, $"| {Plain(task)} | {shots} | {documents} | {Plain(student[i].Name + filter)} ")
                .Append(Culture, $"| {Perhaps(teacher[i].Value, teacher[i].StandardError)} ")
                .Append(Culture, $"| {Perhaps(student[i].Value, student[i].StandardError)} ")
                .Append(Culture, $"| {(less is null ? "–" : Perhaps(less.Difference, less.StandardError))} |\n");
        }
    }

    private static void WriteUse(StringBuilder text, bool loadsInPython)
    {
        string folder = loadsInPython ? "." : "../exported";
        string remark = loadsInPython
            ? "In Python, with torch, numpy and transformers. Loading decodes all matrices, half a minute for each "
                + "hundred million\nweights, and the model then takes as much memory as the original:"
            : "In Python, from a folder that `hypercompress export . --format hf --out ../exported` makes:";
        text.Append(
            Culture,
            $"""
            ## Use

            ```
            hypercompress generate . --prompt "Once upon a time"
            hypercompress verify .
            ```

            {remark}

            ```python
            from transformers import AutoModelForCausalLM, AutoTokenizer
            model = AutoModelForCausalLM.from_pretrained("{folder}", trust_remote_code=True)
            tokenizer = AutoTokenizer.from_pretrained("{folder}")
            inputs = tokenizer("Once upon a time", return_tensors="pt")
            print(tokenizer.decode(model.generate(**inputs, max_new_tokens=32)[0]))
            ```


            """);
    }

    private static void WriteBranches(StringBuilder text, CompressionReport report)
    {
        if (report.Branches.IsDefaultOrEmpty)
        {
            return;
        }

        text.Append("## Methods\n\n| branch | result | source |\n|---|---|---|\n");
        foreach (BranchReport branch in report.Branches)
        {
            string metrics = string.Join(", ", Measured(branch.Metrics));
            string source = branch.Metadata.GetValueOrDefault("source", string.Empty);
            text.Append(Culture, $"| {Plain(branch.Name)} | {Plain(metrics)} | {Plain(source)} |\n");
        }

        text.Append('\n');
    }

    private static IEnumerable<string> Measured(IReadOnlyDictionary<string, double> metrics) =>
        from metric in metrics
        let text = metric.Key switch
        {
            "sites" => string.Create(Culture, $"{metric.Value:0} sites"),
            "bytes" => Figures.Bytes(metric.Value),
            "error_nats" => $"predicted loss {Number(metric.Value)} nats per token",
            "seconds" => Figures.Duration(metric.Value),
            "parameters_before" or "parameters_after" => null,
            "ratio" => metric.Value is > 0.995 and < 1.005 ? null : $"{Figures.Ratio(metric.Value)} fewer parameters",
            _ => $"{metric.Key} {Number(metric.Value)}",
        }
        where text is not null
        select text;

    private static void WriteTraining(StringBuilder text, CompressionReport report)
    {
        if (report.Training.IsDefaultOrEmpty)
        {
            return;
        }

        text.Append("## Training\n\n"
            + "| phase | steps | tokens | first loss | last loss | ended by |\n|---|---:|---:|---:|---:|---|\n");
        foreach (TrainingReport phase in report.Training)
        {
            text.Append(Culture, $"| {Plain(phase.Name)} | {phase.Steps} | {phase.Tokens} ")
                .Append(Culture, $"| {Figures.Short(phase.FirstLoss)} | {Figures.Short(phase.LastLoss)} ")
                .Append(Culture, $"| {Plain(phase.StoppedBecause)} |\n");
        }

        text.Append('\n');
    }

    private static void WriteSites(StringBuilder text, CompressionReport report)
    {
        text.Append("## Sites\n\n"
            + "The error is the predicted increase of the loss in nats per token, to second order, on the calibration "
            + "text.\n\n"
            + "| site | stored as | bytes | of original | error, predicted | error, measured | alternatives |\n"
            + "|---|---|---:|---:|---:|---:|---|\n");
        foreach (SiteReport site in report.Sites)
        {
            double share = site.TeacherBytes == 0 ? 1 : (double)site.Bytes / site.TeacherBytes;
            string others = string.Join(", ", site.Alternatives.Select(pair => $"{pair.Key} {Number(pair.Value)}"));
            text.Append(Culture, $"| {Plain(site.Name)} | {Plain(site.Form)} | {site.Bytes} | {100 * share:F1} % ")
                .Append(Culture, $"| {Number(site.PredictedError)} | {Number(site.MeasuredError)} ")
                .Append(Culture, $"| {Plain(others)} |\n");
        }

        text.Append('\n');
    }

    private static void WriteRun(StringBuilder text, CompressionReport report)
    {
        text.Append(Culture, $"## Run\n\nMode `{Plain(report.Mode)}`, {report.Seconds:0.#} seconds, ")
            .Append(Culture, $"peak memory {Figures.Bytes(report.PeakRssBytes)}. ")
            .Append("`recipe.yaml` has the configuration of the run.\n\n")
            .Append("| phase | seconds |\n|---|---:|\n");
        foreach (PhaseReport phase in report.Phases.Where(phase => phase.Seconds >= Figures.LeastSeconds))
        {
            text.Append(Culture, $"| {Plain(phase.Name)} | {phase.Seconds:0.##} |\n");
        }

        foreach (string note in report.Notes)
        {
            text.Append(Culture, $"\n- {Plain(note)}");
        }

        text.Append(report.Notes.IsEmpty ? string.Empty : "\n");
    }

    private static void WriteWords(StringBuilder text, CompressionReport report)
    {
        text.Append("## Words\n\n| word | meaning |\n|---|---|\n");
        foreach ((string word, string meaning) in Glossary.ForForms(report.Sites.Select(site => site.Form)))
        {
            text.Append(Culture, $"| {word} | {meaning} |\n");
        }

        foreach (BranchReport branch in report.Branches.IsDefault ? [] : report.Branches)
        {
            if (branch.Metadata.GetValueOrDefault(Glossary.BranchSummary, string.Empty) is { Length: > 0 } summary)
            {
                text.Append(Culture, $"| {Plain(branch.Name)} | {Plain(summary)} |\n");
            }
        }

        text.Append('\n');
    }

    private static string Uncertain(double value, double error) => UncertainNumber.Text(value, error);

    private static string Number(double value) => value.ToString("G3", Culture);

    private static string Perhaps(double value, double? error) =>
        error is { } known ? Uncertain(value, known) : Number(value);

    // Nothing that comes from outside may end a table cell or begin an element.
    private static string Plain(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");
}
