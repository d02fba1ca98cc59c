using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Section <c>branches.sparsity</c>: pruning.</summary>
public sealed record SparsityOptions : IBranchOptions
{
    /// <summary>The value of <see cref="Pattern"/> that allows zeros anywhere.</summary>
    public const string Unstructured = "unstructured";

    /// <summary>Whether the branch takes part in mode <c>hybrid</c>.</summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Largest share of zeros at any site, in (0, 1) (the fixed share in manual planning); unset: 0.99.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? TargetSparsity { get; init; }

    /// <summary>
    /// <c>magnitude</c>: keeps the largest |T_ij| of the matrix; <c>wanda</c>: the largest |T_ij|·√H_jj of each row;
    /// <c>sparsegpt</c>: prunes column after column and the others compensate for it; <c>admm</c>: searches places
    /// and values together, then fits the values exactly.
    /// </summary>
    [AllowedValues("magnitude", "wanda", "sparsegpt", "admm")]
    public string Method { get; init; } = "admm";

    /// <summary>
    /// <c>unstructured</c>, or <c>n:m</c> such as <c>2:4</c>: n values of every m neighbours in a row stay,
    /// 1 ≤ n &lt; m ≤ 32. A pattern fixes the share of zeros.
    /// </summary>
    [RegularExpression("unstructured|[0-9]{1,2}:[0-9]{1,2}", ErrorMessage = "must be unstructured or n:m, such as 2:4")]
    public string Pattern { get; init; } = Unstructured;

    /// <summary>
    /// Whether rows that hold more outliers (|T_ij|·√H_jj above 5 times the mean) keep up to 8 % of their values more,
    /// and the others less. Not with a pattern.
    /// </summary>
    public bool EnableOutlierWeighting { get; init; }

    /// <summary>
    /// Iterations of linearized Bregman that look for the places, in [0, 10000], in place of those of
    /// <see cref="Method"/>, which then only says how many values each row keeps; 0: none.
    /// </summary>
    [Range(0, 10_000)]
    public int BregmanIterations { get; init; }
}
