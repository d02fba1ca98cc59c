namespace Hypercompress.Evaluation;

/// <summary>How far an evaluation has come.</summary>
/// <param name="File">The text that is scored.</param>
/// <param name="Done">Windows of it that are done.</param>
/// <param name="Windows">Windows that it has.</param>
public sealed record EvaluationProgress(string File, int Done, int Windows);
