namespace Hypercompress.Planning.Offers;

/// <summary>Which offers may be taken together at one site, and how their error is predicted.</summary>
public enum CombinationRule
{
    /// <summary>One offer per site.</summary>
    Single,

    /// <summary>One offer, or two combinable ones of different branches that are fitted to each other.</summary>
    Joint,

    /// <summary>Where several branches make combinable offers, one of each: their average by ratio is stored.</summary>
    Weighted,
}
