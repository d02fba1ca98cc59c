using Hypercompress.Forms;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.Integers;
using static TorchSharp.torch;

namespace Hypercompress.Benchmarks.Onnx;

/// <summary>
/// Plain rounding to four bits in blocks, as the quantizer of ONNX Runtime does it without zero points: the value of
/// largest magnitude gets the code 0, which stands for −8, and the others go to the nearest code.
/// </summary>
internal static class NearestCodes
{
    private const int Bits = 4;
    private const int Middle = 8;
    private const int Most = 15;

    /// <summary>Rounds a model in place.</summary>
    /// <param name="model">The model.</param>
    /// <param name="block">Values of a block; divides all rows.</param>
    /// <param name="linear">Whether embedding and head stay in half precision.</param>
    public static void Round(DecoderModel model, int block, bool linear)
    {
        using var noGrad = no_grad();
        foreach (WeightSlot slot in model.Slots)
        {
            using var scope = NewDisposeScope();
            bool isKept = linear && slot.Kind is WeightSlotKind.Embedding or WeightSlotKind.Head;
            using WeightMatrix before = slot.Exchange(new DenseForm(isKept
                ? NumberFormats.Floats.FloatFormat.Float16.Encode(slot.Matrix.Materialize())
                : Codes(slot.Matrix.Materialize(), block)));
        }
    }

    private static IntegerValues Codes(Tensor values, int block)
    {
        Tensor groups = values.view(values.shape[0], -1, block);
        Tensor place = groups.abs().argmax(2, keepdim: true);
        Tensor scales = (groups.gather(2, place) / -Middle).to(ScalarType.Float16).to(ScalarType.Float32);
        Tensor codes = ((groups / where(scales == 0, 1f, scales)).round() + Middle).clamp(0, Most).to(ScalarType.Byte);
        return new IntegerValues(new IntegerFormat(Bits, block), codes.view(values.shape), scales.squeeze(2));
    }
}
