using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Files;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Reporting.Wording;
using Hypercompress.Settings;

namespace Hypercompress.Cli.Output;

/// <summary>Writes a plan for people.</summary>
internal static class PlanText
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes a plan.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="planned">The plan with its prediction.</param>
    /// <param name="explain">Whether bytes and loss are broken down.</param>
    /// <param name="asked">The size as it was asked for in bytes; null for a ratio.</param>
    public static void Write(TextWriter results, PlanForecast planned, bool explain, ByteSize? asked = null)
    {
        CompressionPlan plan = planned.Plan;
        Line(results, "ratio", string.Create(
            Culture,
            $"{ResultText.Ratio(plan.Ratio, plan.AskedRatio, asked)}: {SizeText.Of(plan.TeacherBytes)} → "
            + $"{SizeText.Of(plan.Bytes)}"));
        Line(results, "perplexity", string.Create(
            Culture,
            $"teacher {planned.TeacherPerplexity:F2}, predicted {planned.Prediction.ToText("F2")}"
            + $"{(planned.Trains ? " before training" : "")}"));
        if (planned.Trained is { } trained)
        {
            Line(results, string.Empty, string.Create(
                Culture,
                $"about {trained.ToText("F2")} after training on {planned.TrainingTokens:#,##0} tokens"));
        }

        WriteVerdict(results, planned, asked is not null);
        Line(results, "compress", string.Create(
            Culture,
            $"takes about {ProgressText.Time(planned.Estimate.Seconds)}, "
            + $"{SizeText.Of(planned.Estimate.RamBytes)} of memory and "
            + $"{SizeText.Of(planned.Estimate.DiskBytes)} of disk"));
        foreach (string note in plan.Notes)
        {
            Line(results, "note", note);
        }

        if (explain)
        {
            WriteCosts(results, planned);
            WriteTraining(results, planned);
            WriteReasons(results, planned);
            Explain(results, PlanExplanation.Of(plan), planned);
            WriteWords(results, plan);
        }
    }

    private static void Line(TextWriter results, string name, string value) =>
        results.WriteLine($"{name,-12} {value}");

    private static void WriteVerdict(TextWriter results, PlanForecast planned, bool inBytes)
    {
        QualityVerdict verdict = planned.Verdict;
        if (!verdict.Sensible)
        {
            string nearest = (verdict.NearestSensibleRatio, inBytes) switch
            {
                (null, true) => "no larger size below the limit was found",
                (null, false) => "no smaller ratio below the limit was found",
                ({ } ratio, true) => string.Create(
                    Culture,
                    $"the nearest size below the limit is "
                    + $"{PlanRequest.TargetFor(planned.Plan.TeacherBytes, ratio)} bytes"),
                ({ } ratio, false) => string.Create(Culture, $"the nearest ratio below the limit is {ratio:0.##}"),
            };
            Line(results, "verdict", string.Create(
                Culture,
                $"not recommended: the predicted perplexity is more than "
                + $"{verdict.MaxPerplexityFactor:0.##} times the teacher's; {nearest}; compress needs --force"));
        }
    }

    private static void WriteCosts(TextWriter results, PlanForecast planned)
    {
        InferenceCost cost = planned.Plan.Cost;
        Line(results, "inference", string.Create(
            Culture,
            $"{cost.CacheBytes:#,##0} bytes of cache per token "
            + $"({Than(cost.CacheBytes, planned.TeacherCost.CacheBytes)}), "
            + $"{cost.MultiplyAdds:#,##0} multiply-adds per token "
            + $"({Than(cost.MultiplyAdds, planned.TeacherCost.MultiplyAdds)})"));
        if (planned.Limit is { } limit)
        {
            Line(results, "limit", string.Create(
                Culture,
                $"{limit.Bits:F3} bits/weight; the rate–distortion limit for the same predicted loss "
                + $"({limit.Error:0.####} nats/token) is {limit.LimitBits:F3}; "
                + $"with these bits the smallest possible loss is {limit.LimitError:0.####}"));
        }
    }

    private static void WriteTraining(TextWriter results, PlanForecast planned)
    {
        if (planned.Trained is { } trained)
        {
            double Excess(double perplexity) => Math.Log(perplexity / planned.TeacherPerplexity);
            double before = Excess(planned.Prediction.Perplexity);
            double after = Excess(trained.Perplexity);
            Line(results, "training", string.Create(
                Culture,
                $"is expected to leave {after:0.####} of {before:0.####} nats/token above the teacher's loss "
                + $"({after / before:P0}), which is what such training left in runs that were measured"));
        }
        else if (planned.Trains)
        {
            Line(results, "training", "no comparable run was measured: what it leaves of the loss is not predicted");
        }
    }

    private static string Than(long student, long teacher) =>
        student == teacher ? "unchanged" : string.Create(Culture, $"teacher {teacher:#,##0}");

    private static void WriteReasons(TextWriter results, PlanForecast planned)
    {
        Line(results, "why", "each byte is used where it lowers the predicted loss most");
        foreach (BranchAlternative other in planned.Alternatives)
        {
            Line(results, "why", other.Sites == 0
                ? $"{other.Branch} is not used: it cannot store any matrix in the planned bytes"
                : string.Create(
                    Culture,
                    $"{other.Branch} is not used: with the same bytes it would lose {other.PredictedLoss:0.####} "
                    + $"nats/token at {Sites(other.Sites)}, where the plan loses {other.PlannedLoss:0.####}"));
        }
    }

    private static string Sites(int count) =>
        count == 1 ? "1 site" : string.Create(Culture, $"{count} sites");

    private static void WriteWords(TextWriter results, CompressionPlan plan)
    {
        results.WriteLine();
        IEnumerable<string> formats = plan.Sites.SelectMany(site => site.Offers)
            .SelectMany(offer => offer.Setting.Values);
        foreach ((string word, string meaning) in Glossary.For(formats))
        {
            Line(results, word, meaning);
        }

        foreach (BranchRegistration known in BranchRegistry.BuiltIn)
        {
            Line(results, known.Name, known.Create(known.Defaults(), new BranchSettings()).Summary);
        }
    }

    private static void Explain(TextWriter results, PlanExplanation explanation, PlanForecast planned)
    {
        results.WriteLine();
        results.WriteLine("treatment                 sites   bits/weight      bytes   predicted loss (nats/token)");
        foreach (PlanShare share in explanation.Treatments)
        {
            results.WriteLine(string.Create(
                Culture,
                $"{share.Treatment,-25} {share.Sites,5} {share.BitsPerElement,13:F2} {SizeText.Of(share.Bytes),10} "
                + $"{share.PredictedLoss,12:F4}"));
        }

        double expected = Math.Log(planned.Prediction.Perplexity / planned.TeacherPerplexity);
        results.WriteLine(string.Create(
            Culture,
            $"{"all",-25} {"",5} {"",13} {"",10} {explanation.Treatments.Sum(share => share.PredictedLoss),12:F4}"));
        results.WriteLine(string.Create(
            Culture,
            $"Losses of sites are added up here. The predicted perplexity ({expected:F4} nats/token) follows trial "
            + $"compressions of the whole model."));
        results.WriteLine();
        results.WriteLine("sites with the largest predicted loss (nats/token)");
        foreach (SiteAssignment site in explanation.Costliest)
        {
            results.WriteLine(string.Create(
                Culture,
                $"{site.PredictedLoss,10:F5}  {site.Site.Name}: {string.Join(" + ", site.Offers.Select(Describe))}"));
        }
    }

    private static string Describe(Offer offer)
    {
        string settings = string.Join(", ", offer.Setting.Select(pair => $"{pair.Key} {pair.Value}"));
        return $"{offer.Branch}({settings})" + (offer.Owner is null ? string.Empty : $" in {offer.Owner}");
    }
}
