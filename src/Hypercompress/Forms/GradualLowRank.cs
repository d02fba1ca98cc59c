using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// Chooses the directions of a low-rank form, and of those that read its first factor, while they train. It begins with
/// the planned factors and the singular value decomposition of what they leave of the originals, which together are
/// the originals. As the rank falls, directions of least energy go: ‖u‖² · mean squared gradient of u. The gradient of
/// u sums the latent over the tokens, so that this is the energy of the direction's output, on average.
/// </summary>
internal sealed class GradualLowRank : GradualTraining
{
    // Singular values below this share of the largest one are noise of float32.
    private const double Noise = 1e-6;

    private readonly IReadOnlyList<LatentForm> _forms;
    private readonly List<Parameter> _ups = [];
    private readonly Parameter _down;
    private readonly Tensor _kept;
    private readonly Tensor _energies;
    private readonly long _rank;

    /// <summary>Starts at the plan.</summary>
    /// <param name="forms">The form that owns the first factor, then those that read it.</param>
    /// <param name="originals">
    /// The matrices that they stand for, in the same order, floating point; stay the caller's.
    /// </param>
    public GradualLowRank(IReadOnlyList<LatentForm> forms, IEnumerable<Tensor> originals)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (_forms, _rank) = (forms, forms[0].Rank);
        Device device = forms[0].Parameters.First().device;
        Tensor down = forms[0].Encode(eye(forms[0].Columns, device: device)).t();
        Tensor up = cat([.. forms.Select(form => form.Decode(eye(_rank, device: device)))], 1);
        Tensor original = cat([.. originals.Select(matrix => matrix.to(ScalarType.Float32).to(device))]);
        (Tensor moreUp, Tensor moreDown) = Beyond(original - up.t().matmul(down));
        _down = Made(cat([down, moreDown]));
        _kept = cat([ones(_rank, device: device), zeros(moreDown.shape[0], device: device)]).DetachFromDisposeScope();
        _energies = zeros_like(_kept).DetachFromDisposeScope();
        long first = 0;
        foreach (LatentForm form in forms)
        {
            _ups.Add(Made(cat([up, moreUp]).narrow(1, first, form.Rows)));
            form.Gradual = new GradualFactor(_ups[^1], _down, _kept, OwnsDown: first == 0);
            first += form.Rows;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => [_kept, _energies];

    /// <inheritdoc/>
    public override void Observe()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (Parameter up in _ups)
        {
            if (up.grad is { } gradient)
            {
                _energies.add_(gradient.square().sum([1]));
            }
        }
    }

    /// <inheritdoc/>
    public override void Choose(double share)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (share == 1)
        {
            _kept.fill_(1);
            return;
        }

        // What was dropped stays dropped.
        long count = _rank + (long)Math.Round(share * (_kept.shape[0] - _rank));
        Tensor lengths = _ups.Select(up => up.square().sum([1])).Aggregate((sum, next) => sum + next);
        Tensor scores = (lengths * _energies).masked_fill(_kept == 0, -1);
        Tensor ranks = scores.argsort(-1, descending: true).argsort(-1);
        _kept.mul_(ranks < count);
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor chosen = _kept.nonzero().reshape(-1);
        Tensor down = _down.index_select(0, chosen).to(ScalarType.Float64);
        Tensor[] ups = [.. _ups.Select(up => up.index_select(0, chosen).to(ScalarType.Float64))];
        Tensor change = _forms[0].TakeFactors(ups[0], down);
        for (int i = 1; i < ups.Length; i++)
        {
            _forms[i].TakeFactors(linalg.solve(change.t(), ups[i]), change.matmul(down));
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (LatentForm form in _forms)
        {
            form.Gradual = null;
        }

        foreach (Tensor tensor in (Tensor[])[.. _ups, _down, .. State])
        {
            tensor.Dispose();
        }
    }

    // Both factors [directions, …] of what the plan leaves.
    private static (Tensor Up, Tensor Down) Beyond(Tensor left)
    {
        (Tensor rows, Tensor sizes, Tensor columns) = linalg.svd(left, fullMatrices: false);
        long count = (sizes > Noise * sizes.max()).sum().item<long>();
        Tensor roots = sizes.narrow(0, 0, count).sqrt().unsqueeze(1);
        return (rows.t().narrow(0, 0, count) * roots, columns.narrow(0, 0, count) * roots);
    }

    private static Parameter Made(Tensor values)
    {
        var parameter = new Parameter(values.contiguous(), requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
