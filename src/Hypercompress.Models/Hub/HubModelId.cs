using System.Text.RegularExpressions;

namespace Hypercompress.Models.Hub;

/// <summary>The name of a model on the Hub: <c>owner/name</c>, or <c>owner/name@revision</c>.</summary>
/// <param name="Owner">The user or organisation.</param>
/// <param name="Name">The model's own name.</param>
/// <param name="Revision">A branch, a tag or a commit; <c>main</c> where none is given.</param>
public sealed partial record HubModelId(string Owner, string Name, string Revision)
{
    /// <summary>The branch that is meant when none is given.</summary>
    public const string DefaultRevision = "main";

    /// <summary>Owner and name, as the Hub writes them.</summary>
    public string Repository => $"{Owner}/{Name}";

    /// <summary>Whether the revision is a commit itself.</summary>
    public bool IsCommit => IsCommitName(Revision);

    /// <summary>Reads a name.</summary>
    /// <param name="text">What was typed.</param>
    /// <returns>The name, or null where the text cannot be one.</returns>
    public static HubModelId? TryParse(string text)
    {
        Match match = Pattern().Match(text);
        string revision = match.Groups["revision"] is { Success: true } given ? given.Value : DefaultRevision;
        bool possible = match.Success && !text.Contains("..", StringComparison.Ordinal)
            && !text.Contains("--", StringComparison.Ordinal) && !text.Contains("//", StringComparison.Ordinal);
        return possible ? new HubModelId(match.Groups["owner"].Value, match.Groups["name"].Value, revision) : null;
    }

    /// <summary>The name as it is typed.</summary>
    /// <returns>Without the revision where it is the default one.</returns>
    public override string ToString() => Revision == DefaultRevision ? Repository : $"{Repository}@{Revision}";

    /// <summary>Whether a text is a commit: 40 hexadecimal digits.</summary>
    internal static bool IsCommitName(string text) => Commit().IsMatch(text);

    [GeneratedRegex(
        @"\A(?<owner>[A-Za-z0-9][\w.-]{0,95})/(?<name>[A-Za-z0-9_][\w.-]{0,95})"
        + @"(?:@(?<revision>[A-Za-z0-9_][\w./-]{0,200}))?\z",
        RegexOptions.ECMAScript)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit();
}
