using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>A text to continue greedily.</summary>
/// <param name="Prompt">Its tokens, at least one.</param>
/// <param name="Until">Strings that end the text; what was generated is cut before the first of each.</param>
/// <param name="MaxTokens">Most tokens that are generated, at least 1.</param>
internal sealed record GenerationRequest(ImmutableArray<int> Prompt, ImmutableArray<string> Until, int MaxTokens);
