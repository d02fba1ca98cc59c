namespace Hypercompress.NumberFormats.Blocks.Books;

/// <summary>Where the signs of a code book's values come from.</summary>
internal enum SignRule
{
    /// <summary>Each value has its own sign.</summary>
    Free,

    /// <summary>Seven of eight values have their own, the last makes the number of negative ones even.</summary>
    Even,

    /// <summary>The groups of the code book have them.</summary>
    InGroups,
}
