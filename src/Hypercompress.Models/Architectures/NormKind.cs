namespace Hypercompress.Models.Architectures;

/// <summary>How a decoder normalises.</summary>
public enum NormKind
{
    /// <summary>x / sqrt(mean(x²) + ε) · w (Zhang and Sennrich 2019).</summary>
    Rms,

    /// <summary>x / sqrt(mean(x²) + ε) · (1 + w), as Gemma does.</summary>
    RmsPlusOne,

    /// <summary>(x − mean) / sqrt(variance + ε) · w + b (Ba et al. 2016).</summary>
    Layer,
}
