using System.Collections.Immutable;

namespace Hypercompress.StoryModel.Tokens;

/// <summary>What <see cref="BpeTrainer"/> found.</summary>
/// <param name="Tokens">Tokens in byte letters by id; the special token first.</param>
/// <param name="Merges">Pairs of tokens in the order in which they are joined.</param>
public sealed record TrainedVocabulary(
    ImmutableArray<string> Tokens, ImmutableArray<(string Left, string Right)> Merges);
