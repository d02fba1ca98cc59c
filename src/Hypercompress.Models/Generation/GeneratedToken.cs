using System.Collections.Immutable;

namespace Hypercompress.Models.Generation;

/// <summary>A token that was generated.</summary>
/// <param name="Id">Its id.</param>
/// <param name="LogProbability">
/// Natural logarithm of its probability by the model, before temperature, top-k and top-p; null unless <see
/// cref="SamplingOptions.LogProbabilities"/> asks for it.
/// </param>
/// <param name="Best">The most probable tokens, as many as were asked for, the best first.</param>
public sealed record GeneratedToken(int Id, double? LogProbability, ImmutableArray<TokenChoice> Best);
