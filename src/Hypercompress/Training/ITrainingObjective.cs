using Hypercompress.Models.Transformer;
using TorchSharp;

namespace Hypercompress.Training;

/// <summary>The loss that training minimises.</summary>
public interface ITrainingObjective
{
    /// <summary>The model that the student is compared with on held-out text; null for none.</summary>
    DecoderModel? Teacher => null;

    /// <summary>Adds the gradient of the loss of one batch to the parameters.</summary>
    /// <param name="model">The model that is trained; parameters that ask for gradients get them.</param>
    /// <param name="windows">
    /// int64 [batch, length + 1]: every token but the last is read, every one but the first predicted.
    /// </param>
    /// <param name="weight">Factor of the gradient: 1 / number of batches of the step.</param>
    /// <returns>The loss of the batch, nats per predicted token, not multiplied by <paramref name="weight"/>.</returns>
    double Accumulate(DecoderModel model, torch.Tensor windows, double weight);
}
