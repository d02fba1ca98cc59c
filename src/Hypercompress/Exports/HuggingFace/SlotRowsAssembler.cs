using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>Puts a model together from rows that were read out of the tensors of a folder.</summary>
internal static class SlotRowsAssembler
{
    /// <summary>Builds the model.</summary>
    /// <param name="config">Its sizes and choices.</param>
    /// <param name="parts">float32 rows by the place they belong to and the first row there; stay the caller's.</param>
    /// <returns>A model of dense matrices that the caller disposes.</returns>
    public static DecoderModel Assemble(DecoderConfig config, Dictionary<(string Slot, long Row), Tensor> parts)
    {
        ILookup<string, KeyValuePair<(string Slot, long Row), Tensor>> places = parts.ToLookup(part => part.Key.Slot);
        return DecoderModel.Assemble(
            config,
            slot => new DenseMatrix(Stack(places[slot.Name])),
            vector => Stack(places[vector.Name]).reshape(-1));
    }

    private static Tensor Stack(IEnumerable<KeyValuePair<(string Slot, long Row), Tensor>> parts) =>
        cat([.. parts.OrderBy(part => part.Key.Row).Select(part => part.Value)], 0);
}
