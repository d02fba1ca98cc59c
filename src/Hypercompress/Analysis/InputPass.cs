using Hypercompress.Analysis.Moments;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Processes;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// Takes the second moments of all inputs, layer by layer: between layers there is one state per token, and the sums of
/// one layer are in memory at a time.
/// </summary>
/// <param name="teacher">The model.</param>
/// <param name="options">How.</param>
/// <param name="steps">Counts what is done.</param>
/// <param name="processes">The processes that each read a part of the text.</param>
/// <param name="keep">Keeps the moments of a layer; null where nothing is kept.</param>
internal sealed class InputPass(
    DecoderModel teacher,
    CalibrationSettings options,
    CalibrationSteps steps,
    IProcessGroup processes,
    KeepLayer? keep = null)
{
    private readonly LayerMomentsFormat _format = new();

    /// <summary>Reads calibration text.</summary>
    /// <param name="windows">Token windows of this process, at least one.</param>
    /// <param name="moments">Gets the moments of the inputs of all linear sites.</param>
    /// <param name="hidden">Gets the hidden states after the final norm.</param>
    /// <exception cref="NumericalException">An input holds NaN or infinity; names the first such site.</exception>
    internal void Run(IReadOnlyList<int[]> windows, CalibrationMoments moments, MomentSum hidden)
    {
        using var noGrad = no_grad();
        var states = new List<Tensor>();
        try
        {
            states.AddRange(WindowBatches.Of(windows, options.BatchTokens).Select(Enter));
            for (int layer = 0; layer < teacher.Config.Layers; layer++)
            {
                Take(layer, states, moments);
            }

            states.ForEach(batch => AddHidden(batch, hidden));
            hidden.Gather(processes);
        }
        finally
        {
            states.ForEach(batch => batch.Dispose());
        }
    }

    private Tensor Enter(int[][] batch)
    {
        using var scope = NewDisposeScope();
        return teacher.Enter(WindowBatches.Ids(batch, teacher.Device)).DetachFromDisposeScope();
    }

    // A layer whose moments are kept is gone through all the same, for the states behind it.
    private void Take(int layer, List<Tensor> states, CalibrationMoments moments)
    {
        bool isSummed = false;
        LayerMoments Sum()
        {
            isSummed = true;
            using var inputs = new InputTap(options.SkipPositions);
            Advance(layer, states, inputs);
            return MomentsOf(inputs);
        }

        using LayerMoments ofLayer = keep is null ? Sum() : keep(layer, _format, Sum);
        if (!isSummed)
        {
            Advance(layer, states, null);
        }

        ofLayer.MoveTo(moments);
    }

    private void Advance(int layer, List<Tensor> states, InputTap? inputs)
    {
        for (int batch = 0; batch < states.Count; batch++)
        {
            steps.Begin();
            Tensor before = states[batch];
            states[batch] = teacher.RunLayer(layer, before, inputs).DetachFromDisposeScope();
            steps.EndLayer(before.shape[0] * before.shape[1]);
            before.Dispose();
        }
    }

    private LayerMoments MomentsOf(InputTap inputs)
    {
        var moments = new LayerMoments();
        foreach (var group in inputs.Sums.GroupBy(entry => entry.Leader))
        {
            MomentSum sum = group.First().Sum;
            sum.Gather(processes);
            if (!sum.IsFinite())
            {
                moments.Dispose();
                throw new NumericalException(
                    $"calibration: the input of {group.Key} holds NaN or infinity; check the weights before it");
            }

            moments.AddSummed(
                [.. group.Select(entry => entry.Site)],
                new InputMoment(sum.Mean().ToHost().DetachFromDisposeScope(), sum.Count, options.Damping));
        }

        return moments;
    }

    private void AddHidden(Tensor states, MomentSum hidden)
    {
        using var scope = NewDisposeScope();
        hidden.Add(CountedPositions.Flatten(teacher.Leave(states), options.SkipPositions));
    }
}
