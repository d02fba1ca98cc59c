using System.Globalization;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;

namespace Hypercompress.Cli.Output;

/// <summary>A plan as people read it.</summary>
internal static class PlanText
{
    /// <summary>Writes a plan.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="planned">The plan with what it lets expect.</param>
    /// <param name="explain">Whether bytes and loss are broken down.</param>
    public static void Write(TextWriter results, PlanForecast planned, bool explain)
    {
        CompressionPlan plan = planned.Plan;
        results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ratio        {plan.Ratio:F3} (asked {plan.AskedRatio:F3}): {plan.TeacherBytes:N0} → {plan.Bytes:N0} bytes"));
        results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"perplexity   teacher {planned.TeacherPerplexity:F2}, expected {planned.Prediction.Perplexity:F2} ({planned.Prediction.Low:F2} to {planned.Prediction.High:F2}) without training"));
        WriteVerdict(results, planned.Verdict);
        results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"compress     about {planned.Estimate.Seconds / 60:F0} min, {Units.Bytes(planned.Estimate.RamBytes)} of memory, {Units.Bytes(planned.Estimate.DiskBytes)} of disk"));
        foreach (string note in plan.Notes)
        {
            results.WriteLine($"note         {note}");
        }

        if (explain)
        {
            WriteCosts(results, planned);
            Explain(results, PlanExplanation.Of(plan));
        }
    }

    private static void WriteVerdict(TextWriter results, QualityVerdict verdict)
    {
        if (!verdict.Sensible)
        {
            string nearest = verdict.NearestSensibleRatio is { } ratio
                ? string.Create(CultureInfo.InvariantCulture, $"the nearest ratio that promises more is {ratio:0.##}")
                : "no smaller ratio that promises more was found";
            results.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"verdict      beyond sensible quality (more than {verdict.MaxPerplexityFactor:0.##} times the teacher's perplexity): {nearest}; compress wants --force"));
        }
    }

    private static void WriteCosts(TextWriter results, PlanForecast planned)
    {
        InferenceCost cost = planned.Plan.Cost;
        results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"running      {cost.CacheBytes:N0} bytes of cache a token (teacher {planned.TeacherCost.CacheBytes:N0}), {cost.MultiplyAdds:N0} multiply-adds (teacher {planned.TeacherCost.MultiplyAdds:N0})"));
        if (planned.Limit is { } limit)
        {
            results.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"limit        {limit.Bits:F3} bits/weight where the rate–distortion limit for the same error ({limit.Error:0.####} nats) is {limit.LimitBits:F3}; in these bits the least error is {limit.LimitError:0.####}"));
        }
    }

    private static void Explain(TextWriter results, PlanExplanation explanation)
    {
        results.WriteLine();
        results.WriteLine("treatment                 sites   bits/weight          bytes   expected loss (nats)");
        foreach (PlanShare share in explanation.Treatments)
        {
            results.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{share.Treatment,-25} {share.Sites,5} {share.BitsPerElement,13:F2} {share.Bytes,14:N0} {share.PredictedLoss,12:F4}"));
        }

        results.WriteLine();
        results.WriteLine("costliest sites");
        foreach (SiteAssignment site in explanation.Costliest)
        {
            string offers = string.Join(" + ", site.Offers.Select(
                offer => $"{offer.Branch}({string.Join(", ", offer.Setting.Select(pair => $"{pair.Key} {pair.Value}"))})"
                    + (offer.Owner is null ? string.Empty : $" in {offer.Owner}")));
            results.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{site.PredictedLoss,10:F5}  {site.Site.Name}: {offers}"));
        }
    }
}
