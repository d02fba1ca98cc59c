namespace Hypercompress.Pipeline.Runs;

/// <summary>How teacher and student continue the same beginning.</summary>
/// <param name="Prompt">The beginning, from the validation text.</param>
/// <param name="Teacher">The teacher's continuation.</param>
/// <param name="Student">The student's continuation.</param>
public sealed record TextSamples(string Prompt, string Teacher, string Student);
