using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Journal;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Training;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Preparing;

/// <summary>Keeps the student that is compressed in place of the teacher.</summary>
/// <param name="device">Where it computes.</param>
internal sealed class PreparedStudentFormat(Device device) : IJournalFormat<PreparedStudent>
{
    private const string Config = "config";
    private const string Description = "description";
    private const string Layers = "layers";
    private const string History = "history";

    /// <inheritdoc/>
    public void Write(PreparedStudent value, EntryDraft draft)
    {
        draft.Document[Config] = value.Config.DeepClone();
        draft.Document[Description] = value.Description;
        draft.Document[Layers] = JournalJson.ToNode(value.Layers);
        draft.Document[History] = JournalJson.ToNode(value.History);
        draft.Tensors.AddRange(value.Model.Slots.Select(slot => new TensorToWrite(
            slot.Name,
            ScalarType.Float32,
            [slot.Matrix.Rows, slot.Matrix.Columns],
            slot.Matrix.Materialize)));
        draft.Tensors.AddRange(
            value.Model.NamedVectors.Select(named => TensorToWrite.From(named.Name, named.Vector)));
    }

    /// <inheritdoc/>
    public PreparedStudent Read(JournalEntry entry)
    {
        using var noGrad = no_grad();
        var config = entry.Get<JsonObject>(Config);
        DecoderModel model = DecoderModel.Assemble(
            DecoderConfigReader.Parse(config, entry.File),
            slot => new DenseMatrix(entry.Tensors.Read(slot.Name)),
            vector => entry.Tensors.Read(vector.Name));
        model.MoveTo(device);
        return new PreparedStudent(
            model,
            config,
            entry.Get<string>(Description),
            entry.Get<ImmutableArray<int>>(Layers),
            entry.Get<TrainingHistory>(History));
    }

    /// <inheritdoc/>
    public void Discard(PreparedStudent value) => value.Model.Dispose();
}
