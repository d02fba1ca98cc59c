using Hypercompress.Analysis;
using Hypercompress.Analysis.Moments;
using Hypercompress.Processes;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>
/// The change of the inputs that some sites share, after a compressed prefix: sums over tokens of x̂ x̂ᵀ and
/// (x − x̂) x̂ᵀ, and of (r − r̂) x̂ᵀ where the sites write into the residual stream. x and r are the dense
/// model's input and stream, x̂ and r̂ those after the compressed prefix. Products of a batch run in float32,
/// batches are added in float64.
/// </summary>
internal sealed class DriftSums : IDisposable
{
    private readonly Tensor _drifted;
    private readonly Tensor _gap;
    private Tensor? _residual;

    internal DriftSums(long width, Device device)
    {
        _drifted = zeros(width, width, dtype: ScalarType.Float64, device: device).DetachFromDisposeScope();
        _gap = zeros(width, width, dtype: ScalarType.Float64, device: device).DetachFromDisposeScope();
    }

    /// <summary>Tokens added so far.</summary>
    internal long Tokens { get; private set; }

    /// <summary>Adds tokens.</summary>
    /// <param name="dense">x, float32 [tokens, n].</param>
    /// <param name="drifted">x̂, float32 [tokens, n].</param>
    /// <param name="residualGap">r − r̂, float32 [tokens, m], or null where nothing is written to the stream.</param>
    internal void Add(Tensor dense, Tensor drifted, Tensor? residualGap)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        GramBlocks.Add(_drifted, drifted);
        _gap.add_((dense - drifted).t().matmul(drifted).to(ScalarType.Float64));
        if (residualGap is not null)
        {
            _residual ??= NewResidual(residualGap.shape[1]);
            _residual.add_(residualGap.t().matmul(drifted).to(ScalarType.Float64));
        }

        Tokens += drifted.shape[0];
    }

    /// <summary>Adds what other processes have added up; done by all.</summary>
    /// <param name="processes">The processes.</param>
    /// <param name="rows">m; 0 where nothing is written to the stream.</param>
    internal void Gather(IProcessGroup processes, long rows)
    {
        processes.Sum(_drifted);
        processes.Sum(_gap);
        if (rows > 0)
        {
            processes.Sum(_residual ??= NewResidual(rows));
        }

        Tokens = (long)processes.Sum((double)Tokens);
    }

    /// <summary>The means in the memory of the processor, which solves the sites; in the caller's scope.</summary>
    internal DriftMoments Means() => new(
        GramBlocks.Whole(_drifted).div_(Tokens).ToHost(),
        (_gap / Tokens).ToHost(),
        _residual is null ? null : (_residual / Tokens).ToHost());

    private Tensor NewResidual(long rows) =>
        zeros(rows, _gap.shape[1], dtype: ScalarType.Float64, device: _gap.device).DetachFromDisposeScope();

    /// <inheritdoc/>
    public void Dispose()
    {
        _drifted.Dispose();
        _gap.Dispose();
        _residual?.Dispose();
    }
}
