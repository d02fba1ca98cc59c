using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Journal;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer;
using Hypercompress.Surgery;
using Hypercompress.Training;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Keeping;

/// <summary>Keeps what a training phase made of a student, and puts it back into the student.</summary>
/// <param name="student">The student; changed when an entry is read.</param>
/// <param name="forms">Writes and reads matrices.</param>
internal sealed class StudentFormat(DecoderModel student, KeptForms forms) : IJournalFormat<TrainingHistory>
{
    private const string History = "history";
    private const string Vectors = ":vector.";

    /// <inheritdoc/>
    public void Write(TrainingHistory value, EntryDraft draft)
    {
        draft.Document[History] = JournalJson.ToNode(value);
        KeptForms.Write(student.Slots.Select(slot => (slot.Name, slot.Form())), draft);
        draft.Tensors.AddRange(
            student.NamedVectors.Select(named => TensorToWrite.From(Vectors + named.Name, named.Vector)));
    }

    /// <inheritdoc/>
    public TrainingHistory Read(JournalEntry entry)
    {
        ImmutableDictionary<string, FormMatrix> matrices = forms.Read(entry, student.Device);
        ModelSurgeon.Refit(student, matrices);
        using var noGrad = no_grad();
        foreach ((string name, TorchSharp.Modules.Parameter vector) in student.NamedVectors)
        {
            using Tensor kept = entry.Tensors.Read(Vectors + name);
            vector.copy_(kept);
        }

        return entry.Get<TrainingHistory>(History);
    }
}
