namespace Hypercompress.StoryModel.Stories;

/// <summary>Somebody in a story.</summary>
/// <param name="Name">What the story calls them: <c>Lily</c>, <c>the old owl</c>.</param>
/// <param name="Kind">What they are: <c>girl</c>, <c>rabbit</c>.</param>
/// <param name="Trait">What they are like: <c>brave</c>.</param>
/// <param name="Pronouns">How the story speaks of them.</param>
public sealed record Character(string Name, string Kind, string Trait, Pronouns Pronouns);
