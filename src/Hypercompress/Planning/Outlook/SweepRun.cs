using System.Collections.Immutable;

namespace Hypercompress.Planning.Outlook;

/// <summary>Plans for several ratios from one calibration.</summary>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="TeacherPerplexity">The teacher's perplexity on the beginning of the validation text.</param>
/// <param name="Points">Plans by rising ratio.</param>
/// <param name="Refusals">What could not be planned, in the planner's words, by the ratio that was asked for.</param>
public sealed record SweepRun(
    long TeacherBytes,
    double TeacherPerplexity,
    ImmutableArray<PlanForecast> Points,
    ImmutableSortedDictionary<double, string> Refusals);
