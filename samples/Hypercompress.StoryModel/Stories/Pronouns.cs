namespace Hypercompress.StoryModel.Stories;

/// <summary>The pronouns of a character.</summary>
/// <param name="Subject">he, she.</param>
/// <param name="Object">him, her.</param>
/// <param name="Possessive">his, her.</param>
/// <param name="Reflexive">himself, herself.</param>
public sealed record Pronouns(string Subject, string Object, string Possessive, string Reflexive)
{
    /// <summary>he, him, his, himself.</summary>
    public static Pronouns He { get; } = new("he", "him", "his", "himself");

    /// <summary>she, her, her, herself.</summary>
    public static Pronouns She { get; } = new("she", "her", "her", "herself");
}
