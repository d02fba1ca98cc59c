namespace Hypercompress.Models.Checkpoints;

/// <summary>A checkpoint that gives the bytes of matrices whose rows are stored in blocks.</summary>
internal interface IStoredRows
{
    /// <summary>The rows of a matrix as they are stored.</summary>
    /// <param name="name">A key of <see cref="ITensorSource.Tensors"/>.</param>
    /// <returns>
    /// The rows, which the caller disposes; null where they are not whole blocks, or not rows of one tensor.
    /// </returns>
    /// <exception cref="Errors.CheckpointException">The file cannot be read.</exception>
    StoredRows? Rows(string name);
}
