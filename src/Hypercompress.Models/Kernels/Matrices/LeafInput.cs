using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>The vectors that a <see cref="LeafMatrix"/> is multiplied by.</summary>
/// <param name="numbers">The vectors, one after the other.</param>
/// <param name="codes">The same, quantized; null where they are not needed.</param>
/// <param name="count">How many vectors.</param>
/// <param name="isRepeatable">Whether a vector's result must not depend on how many there are.</param>
internal readonly unsafe struct LeafInput(float* numbers, QuantizedInput? codes, int count, bool isRepeatable)
{
    /// <summary>The vectors, one after the other.</summary>
    public float* Numbers { get; } = numbers;

    /// <summary>The same, quantized; null where they are not needed.</summary>
    public QuantizedInput? Codes { get; } = codes;

    /// <summary>How many vectors.</summary>
    public int Count { get; } = count;

    /// <summary>Whether a vector's result must not depend on how many there are.</summary>
    public bool IsRepeatable { get; } = isRepeatable;
}
