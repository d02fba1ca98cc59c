using TorchSharp;

namespace Hypercompress.Analysis.Moments;

/// <summary>The moments that calibration measures, all owned by this.</summary>
internal sealed class CalibrationMoments : IDisposable
{
    /// <summary>Second moments of the inputs of all sites.</summary>
    internal MomentStore Inputs { get; } = new();

    /// <summary>Second moments of the gradients at the outputs of sites, where they are asked for.</summary>
    internal OutputMomentStore Outputs { get; } = new();

    /// <summary>Cost of a squared error at each output, float64 [rows], by the name of the site.</summary>
    internal Dictionary<string, torch.Tensor> OutputWeights { get; } = new(StringComparer.Ordinal);

    /// <summary>The files that moments are read from, owned by this.</summary>
    internal List<IDisposable> Sources { get; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs.Dispose();
        Outputs.Dispose();
        foreach (torch.Tensor weights in OutputWeights.Values)
        {
            weights.Dispose();
        }

        Sources.ForEach(source => source.Dispose());
    }
}
