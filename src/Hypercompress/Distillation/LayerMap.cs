using System.Collections.Immutable;

namespace Hypercompress.Distillation;

/// <summary>Which layers of teacher and student are compared.</summary>
internal static class LayerMap
{
    /// <summary>Layers at the same share of the depth, so that the last ones correspond.</summary>
    /// <param name="teacher">Layers of the teacher.</param>
    /// <param name="student">Layers of the student.</param>
    /// <returns>The teacher's 0-based layer for each of the student's.</returns>
    public static ImmutableArray<int> Between(int teacher, int student) =>
    [
        .. Enumerable.Range(1, student).Select(
            layer => Math.Max(0, (int)Math.Round((double)layer * teacher / student) - 1)),
    ];
}
