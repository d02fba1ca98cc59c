namespace Hypercompress.Models.Architectures;

/// <summary>Which layers of a decoder look at a window of the latest tokens only.</summary>
public enum WindowKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>All.</summary>
    All,

    /// <summary>All from a 0-based layer on.</summary>
    FromLayer,

    /// <summary>All but every n-th, counted from 1.</summary>
    AllButEveryNth,

    /// <summary>Those that are not rotated.</summary>
    Unrotated,
}
