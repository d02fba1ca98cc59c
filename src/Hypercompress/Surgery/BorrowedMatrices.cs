using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Surgery;

/// <summary>
/// Gives some places of a student the teacher's matrices for as long as this lives, to see what compressing them cost.
/// </summary>
public sealed class BorrowedMatrices : IDisposable
{
    private readonly List<(WeightSlot Slot, WeightMatrix Own)> _replaced = [];

    /// <summary>Puts the teacher's matrices in.</summary>
    /// <param name="student">Gets its own ones back when this is disposed; must not be disposed before.</param>
    /// <param name="teacher">Lends them; must outlive this.</param>
    /// <param name="sites">Names of the places; others stay as they are.</param>
    /// <exception cref="ArgumentException">The two are not of one shape. The student is as it was then.</exception>
    public BorrowedMatrices(DecoderModel student, DecoderModel teacher, IReadOnlySet<string> sites)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(sites);
        try
        {
            foreach ((WeightSlot slot, WeightSlot lender) in student.Slots.Zip(teacher.Slots))
            {
                if (sites.Contains(slot.Name))
                {
                    _replaced.Add((slot, slot.Exchange(lender.Matrix)));
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Puts the student's own matrices back.</summary>
    public void Dispose()
    {
        foreach ((WeightSlot slot, WeightMatrix own) in _replaced)
        {
            slot.Exchange(own);
        }

        _replaced.Clear();
    }
}
