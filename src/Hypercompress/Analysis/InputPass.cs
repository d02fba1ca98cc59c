using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// Takes the second moments of all inputs, layer by layer: between layers there is one state per token, and the sums of one
/// layer are in memory at a time.
/// </summary>
/// <param name="teacher">The model.</param>
/// <param name="options">How.</param>
/// <param name="steps">Counts what is done.</param>
/// <param name="sinkWeight">How many times as much the first position of a window counts at a site as the others.</param>
internal sealed class InputPass(
    DecoderModel teacher, CalibrationOptions options, CalibrationSteps steps, Func<string, double> sinkWeight)
{
    /// <summary>Reads calibration text.</summary>
    /// <param name="windows">Token windows.</param>
    /// <param name="moments">Gets the moments of the inputs of all linear sites.</param>
    /// <param name="hidden">Gets the hidden states behind the final norm.</param>
    /// <exception cref="NumericalException">An input holds NaN or infinity; names the first such site.</exception>
    internal void Run(IReadOnlyList<int[]> windows, MomentStore moments, MomentSum hidden)
    {
        using var noGrad = no_grad();
        var states = new List<Tensor>();
        try
        {
            states.AddRange(WindowBatches.Of(windows, options.BatchTokens).Select(Enter));
            for (int layer = 0; layer < teacher.Config.Layers; layer++)
            {
                using var inputs = new InputTap(options.SkipPositions);
                Advance(layer, states, inputs);
                Keep(inputs, moments);
            }

            states.ForEach(batch => AddHidden(batch, hidden));
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

    private void Advance(int layer, List<Tensor> states, InputTap inputs)
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

    private void Keep(InputTap inputs, MomentStore moments)
    {
        foreach (var group in inputs.Sums.GroupBy(entry => entry.Leader))
        {
            MomentSum sum = group.First().Sum;
            if (!sum.IsFinite())
            {
                throw new NumericalException(
                    $"calibration: the input of {group.Key} holds NaN or infinity; check the weights before it");
            }

            // A site that shares its inputs with one which needs the first position more has its direction kept as well.
            using var scope = NewDisposeScope();
            double weight = group.Max(entry => sinkWeight(entry.Site));
            Tensor moment = Weigh(sum, inputs.Sinks(group.Key), weight);
            moments.Add([.. group.Select(entry => entry.Site)], new InputMoment(moment, sum.Count, options.Damping));
        }
    }

    /// <summary>The mean of x xᵀ with another weight for the first positions.</summary>
    /// <param name="sum">Of all positions, each once.</param>
    /// <param name="sinks">What entered at the first positions, floating point [windows, width]; null where they do not count.</param>
    /// <param name="weight">How many times they count, not negative.</param>
    /// <returns>float64 [width, width]; the caller disposes it.</returns>
    internal static Tensor Weigh(MomentSum sum, Tensor? sinks, double weight)
    {
        using var scope = NewDisposeScope();
        Tensor mean = sum.Mean();
        if (sinks is not null)
        {
            Tensor columns = sinks.to(ScalarType.Float64);
            mean.addmm_(columns.t(), columns, alpha: (float)((weight - 1) / sum.Count));
        }

        return mean.DetachFromDisposeScope();
    }

    private void AddHidden(Tensor states, MomentSum hidden)
    {
        using var scope = NewDisposeScope();
        hidden.Add(CountedPositions.Flatten(teacher.Leave(states), options.SkipPositions));
    }
}
