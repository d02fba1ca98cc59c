namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>One question to a model.</summary>
/// <param name="Context">What the model reads: the prompt; the whole text of a rolling request.</param>
/// <param name="Continuation">
/// The text that is scored after it, its delimiter in front; empty where a text is generated or rolled over.
/// </param>
public sealed record TaskRequest(string Context, string Continuation);
