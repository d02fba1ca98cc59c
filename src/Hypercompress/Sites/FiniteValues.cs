using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>Whether all values of a tensor are numbers.</summary>
internal static class FiniteValues
{
    /// <summary>Looks at all values in one pass and without memory of its own.</summary>
    /// <param name="values">float32, not empty.</param>
    /// <returns>False where one is NaN or infinite: both bounds are NaN then, or one is infinite.</returns>
    internal static bool Are(Tensor values)
    {
        using var scope = NewDisposeScope();
        (Tensor least, Tensor most) = values.aminmax();
        return float.IsFinite(least.item<float>()) && float.IsFinite(most.item<float>());
    }
}
