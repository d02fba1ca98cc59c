namespace Hypercompress.Training;

/// <summary>The numbers that matrices are multiplied in while a model trains.</summary>
public enum TrainingPrecision
{
    /// <summary>
    /// <see cref="Bfloat16"/> where the processor multiplies it twice as fast (AVX512-BF16, AMX) or the run is on a
    /// CUDA device, else <see cref="Float32"/>. It follows from the machine alone, never from a measurement.
    /// </summary>
    Auto,

    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>
    /// Products of layers of bfloat16 factors, summed in float32, forwards and backwards (Kalamkar et al., arXiv
    /// 1905.12322). Weights, latents, norms, logits and the optimizer stay float32, and so do measurements.
    /// </summary>
    Bfloat16,
}
