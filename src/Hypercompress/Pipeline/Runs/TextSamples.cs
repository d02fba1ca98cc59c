namespace Hypercompress.Pipeline.Runs;

/// <summary>The texts of teacher and student after the same prompt.</summary>
/// <param name="Prompt">The prompt, from the validation text.</param>
/// <param name="Teacher">The teacher's continuation.</param>
/// <param name="Student">The student's continuation.</param>
public sealed record TextSamples(string Prompt, string Teacher, string Student);
