using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Section <c>branches.sparsity</c>: unstructured pruning.</summary>
public sealed record SparsityOptions : IBranchOptions
{
    /// <inheritdoc/>
    public bool Enabled { get; init; } = true;

    /// <summary>Largest share of zeros at any site, in (0, 1) (the fixed share in manual planning); unset: 0.99.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? TargetSparsity { get; init; }

    /// <summary>
    /// <c>wanda</c>: keeps the largest |T_ij|·√H_jj of each row; <c>magnitude</c>: keeps the largest |T_ij| of the whole
    /// matrix.
    /// </summary>
    [AllowedValues("wanda", "magnitude")]
    public string Method { get; init; } = "wanda";
}
