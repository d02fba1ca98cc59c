using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Surgery;

/// <summary>Puts another matrix in one place of a model for as long as this lives, to see what it does to the model.</summary>
public sealed class TrialMatrix : IDisposable
{
    private readonly WeightSlot _slot;
    private readonly WeightMatrix _own;

    /// <summary>Puts the matrix in.</summary>
    /// <param name="model">Gets its own matrix back when this is disposed; must not be disposed before.</param>
    /// <param name="site">Name of the place.</param>
    /// <param name="matrix">Of the same shape; stays the caller's, must outlive this.</param>
    /// <exception cref="ArgumentException">There is no such place, or the shape differs.</exception>
    public TrialMatrix(DecoderModel model, string site, WeightMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(model);
        _slot = model.Slots.FirstOrDefault(slot => slot.Name == site)
            ?? throw new ArgumentException($"the model has no place {site}", nameof(site));
        _own = _slot.Exchange(matrix);
    }

    /// <summary>Puts the model's own matrix back.</summary>
    public void Dispose() => _slot.Exchange(_own);
}
