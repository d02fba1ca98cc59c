namespace Hypercompress.Sites.Scheduling;

/// <summary>What it takes to solve some sites together.</summary>
/// <param name="MultiplyAdds">
/// Work, to compare with that of others: each row is multiplied by moments of the inputs.
/// </param>
/// <param name="Values">Values of their matrices, which are in memory many times over while they are solved.</param>
internal readonly record struct SiteWork(double MultiplyAdds, long Values)
{
    /// <summary>Sums up.</summary>
    /// <param name="sites">The sites.</param>
    internal static SiteWork Of(params IEnumerable<Site> sites)
    {
        (double multiplyAdds, long values) = (0, 0);
        foreach (Site site in sites)
        {
            multiplyAdds += (double)site.ElementCount * site.Columns;
            values += site.ElementCount;
        }

        return new SiteWork(multiplyAdds, values);
    }
}
