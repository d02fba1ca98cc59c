using System.Globalization;
using Hypercompress.Pipeline;
using Hypercompress.Planning;

namespace Hypercompress.Cli.Output;

/// <summary>A plan as people read it.</summary>
internal static class PlanText
{
    /// <summary>Writes a plan.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="planned">The plan with what it lets expect.</param>
    /// <param name="explain">Whether bytes and loss are broken down.</param>
    public static void Write(TextWriter results, PlannedRun planned, bool explain)
    {
        CompressionPlan plan = planned.Plan;
        results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ratio        {plan.Ratio:F3} (asked {plan.AskedRatio:F3}): {plan.TeacherBytes:N0} → {plan.Bytes:N0} bytes"));
        results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"perplexity   teacher {planned.TeacherPerplexity:F2}, expected {planned.Prediction.Low:F2} to {planned.Prediction.High:F2} without training"));
        results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"compress     about {planned.Estimate.Seconds / 60:F0} min, {Units.Bytes(planned.Estimate.RamBytes)} of memory, {Units.Bytes(planned.Estimate.DiskBytes)} of disk"));
        foreach (string note in plan.Notes)
        {
            results.WriteLine($"note         {note}");
        }

        if (explain)
        {
            Explain(results, PlanExplanation.Of(plan));
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
                $"{share.Treatment,-25} {share.Sites,5} {share.BitsPerElement,13:F2} {share.Bytes,14:N0} {share.PredictedError,12:F4}"));
        }

        results.WriteLine();
        results.WriteLine("costliest sites");
        foreach (SiteAssignment site in explanation.Costliest)
        {
            string offers = string.Join(" + ", site.Offers.Select(
                offer => $"{offer.Branch}({string.Join(", ", offer.Setting.Select(pair => $"{pair.Key} {pair.Value}"))})"));
            results.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{site.PredictedError,10:F5}  {site.Site.Name}: {offers}"));
        }
    }
}
