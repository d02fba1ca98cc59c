using TorchSharp;

namespace Hypercompress.Sites;

/// <summary>The teacher's matrices, which nothing changes.</summary>
internal interface IWeightSource
{
    /// <summary>Reads the matrix of a site; may be called from several threads.</summary>
    /// <param name="site">One of the teacher's sites.</param>
    /// <returns>float32 [rows, columns]; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The teacher has no such site.</exception>
    torch.Tensor Read(Site site);
}
