namespace Hypercompress.Sites;

/// <summary>Columns that stay together in the order of a sweep.</summary>
/// <param name="Block">Columns of a block, counted from the first one; the matrix is whole blocks.</param>
/// <param name="Part">Columns of a part; a block is whole parts.</param>
/// <param name="Cell">Columns that also keep their order; a part is whole cells.</param>
internal readonly record struct SweepGroups(int Block, int Part, int Cell)
{
    /// <summary>Every column by itself.</summary>
    public static SweepGroups None { get; } = new(1, 1, 1);
}
