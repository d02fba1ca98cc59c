using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Calibration;

/// <summary>Refuses a teacher with weights that are not finite numbers, before any work is spent on it.</summary>
internal static class FiniteWeights
{
    /// <summary>Checks every weight.</summary>
    /// <param name="model">The teacher.</param>
    /// <param name="location">Its file or folder, for messages.</param>
    /// <exception cref="NumericalException">A weight is NaN or infinite.</exception>
    public static void Require(DecoderModel model, string location)
    {
        using var noGrad = no_grad();
        foreach (WeightSlot slot in model.Slots)
        {
            using Tensor values = slot.Matrix.Materialize();
            Require(values, slot.Name, location);
        }

        foreach ((string name, TorchSharp.Modules.Parameter vector) in model.NamedVectors)
        {
            Require(vector, name, location);
        }
    }

    private static void Require(Tensor values, string name, string location)
    {
        if (!FiniteValues.Are(values))
        {
            throw new NumericalException(
                $"{location}: {name} holds values that are NaN or infinite; the checkpoint is broken, download it "
                + "again");
        }
    }
}
