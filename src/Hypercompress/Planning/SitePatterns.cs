using System.IO.Enumeration;
using Hypercompress.Models.Errors;

namespace Hypercompress.Planning;

/// <summary>Patterns of site names, in which <c>*</c> matches any text and <c>?</c> one character.</summary>
internal static class SitePatterns
{
    /// <summary>The key of the sites that may be compressed.</summary>
    public const string IncludeKey = "planner.include";

    /// <summary>The key of the sites that are not.</summary>
    public const string ExcludeKey = "planner.exclude";

    private const int Examples = 3;

    /// <summary>Whether one of several patterns matches a site.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="site">The name of the site.</param>
    /// <returns>True if one does.</returns>
    public static bool Match(IEnumerable<string> patterns, string site) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, site, ignoreCase: false));

    /// <summary>Refuses patterns that match nothing, which are misspelt.</summary>
    /// <param name="key">The key that has them.</param>
    /// <param name="patterns">The patterns.</param>
    /// <param name="sites">The names of all sites.</param>
    /// <exception cref="ConfigurationException">A pattern matches no site.</exception>
    public static void Require(string key, IEnumerable<string> patterns, IReadOnlyCollection<string> sites)
    {
        if (patterns.FirstOrDefault(pattern => !sites.Any(site => Match([pattern], site))) is { } stray)
        {
            throw new ConfigurationException(
                $"{key}: the pattern '{stray}' matches no site; sites are named like "
                + $"{string.Join(", ", sites.Take(Examples))}");
        }
    }
}
