namespace Hypercompress.Models.Architectures;

/// <summary>How rotary frequencies are stretched beyond the length a model was first trained for.</summary>
public enum RopeType
{
    /// <summary>No stretching: θ^(-2i/d) (Su et al. 2021, RoFormer).</summary>
    Default,

    /// <summary>All frequencies divided by the factor (Chen et al. 2023, position interpolation).</summary>
    Linear,

    /// <summary>
    /// The base grows with the length of the sequence once that exceeds the trained length (dynamic NTK).
    /// </summary>
    Dynamic,

    /// <summary>Low frequencies divided, high ones kept, a ramp between (Llama 3.1).</summary>
    Llama3,

    /// <summary>NTK by parts with a temperature on the rotation (Peng et al. 2023, YaRN).</summary>
    Yarn,

    /// <summary>
    /// Each frequency divided by a number of its own, of one list up to the trained length and of another beyond
    /// (Ding et al. 2024, LongRoPE).
    /// </summary>
    LongRope,
}
