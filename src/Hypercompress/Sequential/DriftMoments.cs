using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>
/// Means over tokens that describe how a compressed prefix changes the inputs of a site, all float64.
/// </summary>
/// <param name="Drifted">Ĉ = E[x̂ x̂ᵀ], [n, n].</param>
/// <param name="Gap">K − Ĉ = E[(x − x̂) x̂ᵀ], [n, n]: exactly zero where nothing drifts.</param>
/// <param name="Residual">
/// D = E[(r − r̂) x̂ᵀ], [m, n], or null where the site does not write into the residual stream.
/// </param>
internal sealed record DriftMoments(Tensor Drifted, Tensor Gap, Tensor? Residual)
{
    /// <summary>The mean of two equal halves, in the caller's scope.</summary>
    internal DriftMoments MeanWith(DriftMoments other) => new(
        (Drifted + other.Drifted) / 2,
        (Gap + other.Gap) / 2,
        Residual is null ? null : (Residual + other.Residual!) / 2);
}
