using Hypercompress.Evaluation.Perplexity;

namespace Hypercompress.Evaluation.Suite;

/// <summary>
/// The student with one branch taken back: every site that it worked at has the teacher's matrix again. What the
/// perplexity falls by is what the branch cost, what the bytes rise by is what it saved.
/// </summary>
/// <param name="Branch">Name of the branch.</param>
/// <param name="Sites">Sites that it worked at.</param>
/// <param name="Bytes">Bytes that the student's weights would take without it.</param>
/// <param name="Perplexity">The student without it, on the first validation text.</param>
public sealed record AblationResult(string Branch, int Sites, long Bytes, PerplexityResult Perplexity);
