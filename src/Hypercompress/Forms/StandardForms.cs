namespace Hypercompress.Forms;

/// <summary>The forms that every build reads; a branch may bring more.</summary>
internal static class StandardForms
{
    /// <summary>
    /// Readers of <c>dense</c>, <c>low-rank</c>, <c>shared-latent</c>, <c>pivot-rows</c> (also by its earlier name
    /// <c>pifa</c>), <c>sparse</c>, <c>sparse-pattern</c>, and <c>sum</c>.
    /// </summary>
    public static IReadOnlyList<FormReader> Readers { get; } =
        [
            DenseForm.Reader, LowRankForm.Reader, SharedLatentForm.Reader, PivotRowForm.Reader,
            PivotRowForm.EarlierReader, SparseForm.Reader, SparseForm.PatternReader, SumForm.Reader,
        ];
}
