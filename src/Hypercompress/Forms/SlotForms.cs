using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Forms;

/// <summary>The stored forms of a student's matrices.</summary>
internal static class SlotForms
{
    /// <summary>The matrix of a slot with its stored form.</summary>
    /// <param name="slot">A slot of a student, that is, of a model made from a plan or read from an artifact.</param>
    /// <returns>The matrix; owned by the slot.</returns>
    /// <exception cref="InvalidOperationException">
    /// The matrix has no stored form; the model is not a student.
    /// </exception>
    public static FormMatrix Form(this WeightSlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return slot.Matrix as FormMatrix ?? throw new InvalidOperationException(
            $"{slot.Name} is a {slot.Matrix.GetType().Name} without a stored form; only a student's slots have one");
    }
}
