using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Benchmarks.Metrics;

/// <summary>Aggregates of the scores of all documents.</summary>
internal static class Aggregates
{
    /// <summary>The mean.</summary>
    public static double Mean(ReadOnlySpan<DocumentScore> scores)
    {
        double sum = 0;
        foreach (DocumentScore score in scores)
        {
            sum += score.Value;
        }

        return sum / scores.Length;
    }

    /// <summary>F1 of option 1: 2·TP / (2·TP + FP + FN); 0 where nothing is or is called option 1.</summary>
    /// <exception cref="ConfigurationException">There are more options than two.</exception>
    public static double F1(ReadOnlySpan<DocumentScore> scores)
    {
        int hits = 0;
        int errors = 0;
        foreach (DocumentScore score in scores)
        {
            if (score.Value > 1 || score.Other > 1)
            {
                throw new ConfigurationException(
                    "the metric f1 is one of two options, and a document has more; use acc or mcc");
            }

            hits += score is { Value: 1, Other: 1 } ? 1 : 0;
            errors += score.Value == score.Other ? 0 : 1;
        }

        return hits == 0 ? 0 : 2.0 * hits / ((2.0 * hits) + errors);
    }

    /// <summary>
    /// Matthews' correlation of right and chosen options, for any number of them (Gorodkin 2004); 0 where one of the
    /// two is always the same.
    /// </summary>
    public static double Mcc(ReadOnlySpan<DocumentScore> scores)
    {
        int options = 0;
        foreach (DocumentScore score in scores)
        {
            options = Math.Max(options, (int)Math.Max(score.Value, score.Other) + 1);
        }

        var right = new double[options];
        var chosen = new double[options];
        double hits = 0;
        foreach (DocumentScore score in scores)
        {
            right[(int)score.Value]++;
            chosen[(int)score.Other]++;
            hits += score.Value == score.Other ? 1 : 0;
        }

        double all = scores.Length;
        double shared = (hits * all) - Dot(right, chosen);
        double spread = ((all * all) - Dot(right, right)) * ((all * all) - Dot(chosen, chosen));
        return spread == 0 ? 0 : shared / Math.Sqrt(spread);
    }

    /// <summary>exp of minus the mean log-likelihood.</summary>
    public static double Perplexity(ReadOnlySpan<DocumentScore> scores) => Math.Exp(-Mean(scores));

    /// <summary>exp of minus the log-likelihood per word or byte of all documents.</summary>
    public static double WeightedPerplexity(ReadOnlySpan<DocumentScore> scores) => Math.Exp(-PerUnit(scores));

    /// <summary>Minus the log-likelihood per byte of all documents, in bits.</summary>
    public static double BitsPerByte(ReadOnlySpan<DocumentScore> scores) => -PerUnit(scores) / Math.Log(2);

    private static double PerUnit(ReadOnlySpan<DocumentScore> scores)
    {
        double sum = 0;
        double units = 0;
        foreach (DocumentScore score in scores)
        {
            sum += score.Value;
            units += score.Other;
        }

        return sum / units;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
