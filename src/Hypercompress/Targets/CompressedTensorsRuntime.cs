using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Integers;

namespace Hypercompress.Targets;

/// <summary>
/// Folders of Hugging Face with layers in the layout <c>pack-quantized</c> of compressed-tensors: codes of 4 and 8 bits
/// around zero, in groups along a row. Embedding and head keep the teacher's type.
/// </summary>
/// <param name="groupSizes">The sizes of groups that the runtime knows.</param>
internal abstract class CompressedTensorsRuntime(int[] groupSizes) : RuntimeTarget
{
    // The shape of a layer is two numbers of 64 bits.
    private const long ShapeBytes = 16;

    /// <inheritdoc/>
    public override ImmutableArray<ValueFormat> Formats { get; } =
    [
        .. from bits in (int[])[8, 4]
           from size in groupSizes
           select new IntegerFormat(bits, size),
    ];

    /// <inheritdoc/>
    public override string Export => "hf-quant";

    /// <inheritdoc/>
    public override bool Holds(WeightSlotKind kind, long rows, long columns, ValueFormat format) =>
        kind is WeightSlotKind.Linear or WeightSlotKind.KeyValue
        && format is IntegerFormat integers && columns % integers.GroupSize == 0;

    /// <inheritdoc/>
    public override long SideBytes(SlotLayout slot)
    {
        ArgumentNullException.ThrowIfNull(slot);

        // A tensor that several matrices share is counted where it begins.
        return ShapeBytes * slot.Parts.Count(part => part.Start == 0);
    }

    /// <summary>Matrices that are one tensor in the folder.</summary>
    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Alike(DecoderConfig config) =>
    [
        .. new DecoderLayout(config).Tensors().Where(tensor => tensor.Shape.Length > 1)
            .Select(tensor => tensor.Parts.Select(part => part.Slot).Distinct().ToImmutableArray())
            .Where(slots => slots.Length > 1),
    ];

    /// <inheritdoc/>
    public override void Require(DecoderConfig config, JsonObject json)
    {
        CheckpointTensor? turned = new DecoderLayout(config).Tensors().FirstOrDefault(
            tensor => tensor.Parts.Any(part => part.Part.IsTransposed || part.Part.Blocks > 1));
        if (turned is not null)
        {
            throw new ConfigurationException(
                $"compressed-tensors has no layers like {turned.Name} of a {config.ModelType} model, which is "
                + "transposed or alternates between heads; compress for the runtime 'self' or 'onnx'");
        }
    }
}
