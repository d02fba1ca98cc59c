namespace Hypercompress.Models.Inference.Attention;

/// <summary>How keys and values of earlier tokens are held.</summary>
public enum CacheFormat
{
    /// <summary>Half precision.</summary>
    Half,

    /// <summary>
    /// Eight bits with a scale a head and position; those of the first four tokens, which attention leans on most, in
    /// half precision.
    /// </summary>
    Byte,

    /// <summary>Single precision, to compare with.</summary>
    Single,
}
