namespace Hypercompress.Reporting;

/// <summary>What both models write after the same prompt.</summary>
/// <param name="Prompt">The prompt, the beginning of a validation text.</param>
/// <param name="Teacher">The teacher's continuation.</param>
/// <param name="Student">The student's continuation.</param>
/// <param name="Temperature">0 where the most probable token was always taken.</param>
/// <param name="Seed">Seed of the draws; without effect at temperature 0.</param>
public sealed record ContinuationReport(
    string Prompt, string Teacher, string Student, double Temperature, long Seed);
