namespace Hypercompress.NumberFormats;

/// <summary>How the numbers of a form are written.</summary>
public enum ValueEncoding
{
    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>bfloat16.</summary>
    BFloat16,

    /// <summary>
    /// Signed integer codes with one float16 scale per group: x = scale · q, q in [−(2^(b−1)−1), 2^(b−1)−1].
    /// </summary>
    Symmetric,

    /// <summary>Unsigned integer codes with a float16 scale and minimum per group: x = scale · q + minimum.</summary>
    Affine,

    /// <summary>
    /// Levels on a grid with a scale per row and per column, entropy-coded into a fixed number of bytes.
    /// </summary>
    Entropy,
}
