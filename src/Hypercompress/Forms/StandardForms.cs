namespace Hypercompress.Forms;

/// <summary>The forms that every build reads; a branch may bring more.</summary>
public static class StandardForms
{
    /// <summary>Readers of <c>dense</c>, <c>low-rank</c>, <c>sparse</c> and <c>sum</c>.</summary>
    public static IReadOnlyList<FormReader> Readers { get; } =
        [DenseForm.Reader, LowRankForm.Reader, SparseForm.Reader, SumForm.Reader];
}
