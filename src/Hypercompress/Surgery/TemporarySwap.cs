using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Surgery;

/// <summary>
/// Puts other matrices into some slots of a model until it is disposed: damaged ones into a teacher, or the teacher's
/// own ones into a student, to measure their effect.
/// </summary>
internal sealed class TemporarySwap : IDisposable
{
    private readonly List<Exchanged> _exchanged = [];

    /// <summary>Puts one matrix in.</summary>
    /// <param name="model">Gets its own matrix back when this is disposed; must not be disposed before.</param>
    /// <param name="slot">Name of the slot.</param>
    /// <param name="matrix">Of the same shape; stays the caller's, must outlive this.</param>
    /// <exception cref="ArgumentException">The model has no such slot, or the shape differs.</exception>
    public TemporarySwap(DecoderModel model, string slot, WeightMatrix matrix)
        : this(model, [KeyValuePair.Create(slot, matrix)])
    {
    }

    /// <summary>Puts several matrices in.</summary>
    /// <param name="model">Gets its own matrices back when this is disposed; must not be disposed before.</param>
    /// <param name="matrices">
    /// By the names of their slots, each slot once; they stay the caller's and must outlive this.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The model has no such slot, or a shape differs. The model is as it was then.
    /// </exception>
    public TemporarySwap(DecoderModel model, IEnumerable<KeyValuePair<string, WeightMatrix>> matrices)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(matrices);
        try
        {
            foreach ((string name, WeightMatrix matrix) in matrices)
            {
                WeightSlot slot = model.Slots.FirstOrDefault(slot => slot.Name == name)
                    ?? throw new ArgumentException($"the model has no slot {name}", nameof(matrices));
                _exchanged.Add(new Exchanged(slot, slot.Exchange(matrix)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Puts the model's own matrices back.</summary>
    public void Dispose()
    {
        foreach (Exchanged entry in Enumerable.Reverse(_exchanged))
        {
            entry.Slot.Exchange(entry.Own);
        }

        _exchanged.Clear();
    }

    private sealed record Exchanged(WeightSlot Slot, WeightMatrix Own);
}
