using Hypercompress.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// A pass of a model that is trained, forward and backward, in the caller's dispose scope. With recomputing, only the
/// states between the layers are kept, and each layer is run again when its gradients are due (activation
/// checkpointing, Chen et al., arXiv 1604.06174): memory of one layer in place of all, for one more forward pass.
/// </summary>
/// <param name="model">The model; parameters that ask for gradients get them.</param>
/// <param name="recomputes">Whether layers are run again.</param>
/// <param name="layerLoss">Makes a loss over layers; null for none.</param>
internal sealed class TrainingPass(DecoderModel model, bool recomputes, Func<ILayerLoss>? layerLoss = null)
    : IDisposable
{
    private readonly List<Tensor> _inputs = [];
    private readonly ILayerLoss? _whole = recomputes ? null : layerLoss?.Invoke();
    private Tensor? _ids;
    private Tensor? _top;
    private Tensor? _hidden;

    /// <summary>Runs forward.</summary>
    /// <param name="ids">int64 [batch, tokens]; must live until the pass is over.</param>
    /// <returns>What <see cref="DecoderModel.Hidden"/> returns.</returns>
    public Tensor Forward(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        _ids = ids;
        if (!recomputes)
        {
            return _hidden = model.Hidden(ids, tap: _whole);
        }

        using (no_grad())
        {
            Tensor states = model.Enter(ids);
            for (int layer = 0; layer < model.Config.Layers; layer++)
            {
                _inputs.Add(states);
                states = model.RunLayer(layer, states);
            }

            _top = states.detach();
        }

        _top.requires_grad_(true);
        return _hidden = model.Leave(_top);
    }

    /// <summary>Runs backward, once.</summary>
    /// <param name="gradient">Gradient of the loss at what <see cref="Forward"/> returned.</param>
    /// <param name="layerWeight">Factor of the gradient of the loss over layers.</param>
    /// <returns>The loss over layers, not multiplied; 0 without one.</returns>
    public double Backward(Tensor gradient, double layerWeight = 0)
    {
        if (!recomputes)
        {
            return Backward(_hidden!, gradient, _whole, layerWeight);
        }

        autograd.backward([_hidden!], [gradient]);
        Tensor above = _top!.grad!;
        double sum = 0;
        for (int layer = model.Config.Layers - 1; layer >= 0; layer--)
        {
            (double loss, Tensor below) = BackwardThrough(layer, above, layerWeight);
            above.Dispose();
            (sum, above) = (sum + loss, below);
        }

        Tensor entered = model.Enter(_ids!);
        if (entered.requires_grad)
        {
            autograd.backward([entered], [above]);
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Dispose() => _whole?.Dispose();

    private (double Loss, Tensor Below) BackwardThrough(int layer, Tensor above, double layerWeight)
    {
        using var scope = NewDisposeScope();
        using ILayerLoss? loss = layerLoss?.Invoke();
        Tensor input = _inputs[layer].detach().requires_grad_(true);
        double value = Backward(model.RunLayer(layer, input, loss), above, loss, layerWeight);
        _inputs[layer].Dispose();
        return (value, input.grad!.MoveToOuterDisposeScope());
    }

    private static double Backward(Tensor output, Tensor gradient, ILayerLoss? loss, double layerWeight)
    {
        if (loss is null)
        {
            autograd.backward([output], [gradient]);
            return 0;
        }

        using Tensor share = full([], layerWeight, device: output.device);
        autograd.backward([output, loss.Sum], [gradient, share]);
        return loss.Sum.item<float>();
    }
}
