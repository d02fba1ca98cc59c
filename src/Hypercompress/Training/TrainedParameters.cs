using Hypercompress.Forms;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;

namespace Hypercompress.Training;

/// <summary>Picks the parameters that a run changes.</summary>
internal static class TrainedParameters
{
    /// <summary>Picks from a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parts">Which parts.</param>
    /// <returns>Every picked parameter once.</returns>
    public static Parameter[] Of(DecoderModel model, TrainableParts parts) => parts == TrainableParts.All
        ? [.. model.Parameters]
        : [.. model.Slots.SelectMany(slot => Scales(slot.Matrix)), .. model.NamedVectors.Select(named => named.Vector)];

    // A coded matrix has far fewer parameters than values: all of them are scales. In other forms only vectors are.
    private static IEnumerable<Parameter> Scales(WeightMatrix matrix)
    {
        if (matrix is SumForm sum)
        {
            return sum.Parts.SelectMany(Scales);
        }

        Parameter[] own = [.. matrix.Parameters];
        bool coded = matrix is FormMatrix form && own.Sum(value => value.NumberOfElements) <= form.StoredParameters / 2;
        return own.Where(value => coded || value.dim() <= 1);
    }
}
