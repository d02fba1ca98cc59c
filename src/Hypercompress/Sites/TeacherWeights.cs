using System.Collections.Frozen;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp;

namespace Hypercompress.Sites;

/// <summary>
/// The matrices that a teacher was loaded with. A slot may hold another matrix for a while, such as a damaged one whose
/// effect is measured; targets are copied from here, so no such exchange can reach them.
/// </summary>
internal sealed class TeacherWeights : IWeightSource
{
    private readonly FrozenDictionary<string, WeightMatrix> _matrices;

    /// <summary>Remembers the matrices that are in the slots now.</summary>
    /// <param name="teacher">The model as it was loaded; it owns the matrices and must outlive this.</param>
    public TeacherWeights(DecoderModel teacher)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        _matrices = teacher.Slots.ToFrozenDictionary(slot => slot.Name, slot => slot.Matrix, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public torch.Tensor Read(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return _matrices.TryGetValue(site.Name, out WeightMatrix? matrix)
            ? matrix.Materialize().ToHost()
            : throw new ArgumentException($"the teacher has no site {site.Name}", nameof(site));
    }
}
