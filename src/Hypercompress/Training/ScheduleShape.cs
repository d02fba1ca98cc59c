namespace Hypercompress.Training;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum ScheduleShape
{
    /// <summary>Down a half cosine (Loshchilov and Hutter, arXiv 1608.03983).</summary>
    Cosine,

    /// <summary>It stays.</summary>
    Constant,

    /// <summary>
    /// It stays, and falls linearly over the last fifth (warm-up, stable, decay; Hu et al., arXiv 2404.06395).
    /// </summary>
    Wsd,
}
