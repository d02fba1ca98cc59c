using System.Diagnostics;
using System.Globalization;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Models.Packages;
using static TorchSharp.torch;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Questions per second of the suite, which reads what prompts share once, against a pass over each full prompt. Both
/// answer the same questions in one run and must agree; the baseline too reads a question once for all its options.
/// </summary>
internal static class TaskThroughput
{
    /// <summary>Runs it: <c>tasks MODEL DATA_DIR THREADS DOCUMENTS TASK…</c>.</summary>
    /// <param name="args">What was typed.</param>
    public static void Run(string[] args)
    {
        set_num_threads(int.Parse(args[3], CultureInfo.InvariantCulture));
        using ModelPackage package = ModelPackage.Open(args[1]);
        using LanguageModel model = LanguageModel.Load(package);
        Console.WriteLine(
            "| task | questions | from scratch, q/s | shared, q/s | times | largest difference, nats | resident, MB |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---|");
        foreach (string task in args[5..])
        {
            var options = new EvaluationOptions
            {
                Tasks = [task],
                DataDir = args[2],
                Limit = double.Parse(args[4], CultureInfo.InvariantCulture),
            };
            Measure(model, options);
        }
    }

    private static void Measure(LanguageModel model, EvaluationOptions options)
    {
        TaskSamples samples = null!;
        var memory = new ResidentMemory();
        var clock = Stopwatch.StartNew();
        TaskReport report = new TaskSuite(options).Run(model, null, memory, given => samples = given);
        double shared = samples.Outcomes.Length / clock.Elapsed.TotalSeconds;
        clock.Restart();
        double difference = samples.Outcomes.Max(outcome => FromScratch(model, outcome));
        double scratch = samples.Outcomes.Length / clock.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {report.Student.Tasks[0].Task}, {report.Student.Tasks[0].Shots} shots | {samples.Outcomes.Length} | "
                + $"{scratch:F2} | {shared:F2} | {shared / scratch:F2} | {difference:E1} | {memory} |"));
    }

    private static double FromScratch(LanguageModel model, ItemOutcome outcome)
    {
        var encoder = new PairEncoder(model.Tokenizer!, model.MaxContext);
        using var scorer = new LikelihoodScorer(model.Decoder);
        ScoredSequence[] sequences =
            [.. outcome.Item.Requests.Select(request => encoder.Encode(request.Context, request.Continuation))];
        return scorer.Score([sequences])[0][0].Zip(outcome.Likelihoods)
            .Max(pair => Math.Abs(pair.First.LogLikelihood - pair.Second.LogLikelihood));
    }
}
