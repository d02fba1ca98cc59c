namespace Hypercompress.Sites;

/// <summary>
/// Poses the problems of sites: under the teacher's own statistics, or on the output of a compressed prefix.
/// </summary>
public interface IProblemSource
{
    /// <summary>Poses the problem of a site; may be called from several threads.</summary>
    /// <param name="site">One of the sites that this source knows.</param>
    /// <returns>A problem that the caller disposes before the source.</returns>
    /// <exception cref="ArgumentException">The source does not know the site.</exception>
    SiteProblem Pose(Site site);
}
