using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// Chooses the places of a <see cref="SparseForm"/> while it trains. The matrix is K ∘ (V + share · (T − V₀)) with the
/// places K, the original T, and values V that begin as V₀: the planned ones at planned places, those of T elsewhere.
/// Each row, or each group of a pattern, keeps those places where |value| · √(mean squared gradient of the column) is
/// largest: the score of Wanda (arXiv 2306.11695) with the gradients of training in place of the inputs, doubled at the
/// places of the plan, whose values were solved together. How many, falls from all to those of the plan.
/// </summary>
/// <remarks>
/// Gradual pruning as Zhu and Gupta (arXiv 1710.01878) do it. While there is more than the plan, gradients pass to
/// dropped places too (straight-through), so that these may come back.
/// </remarks>
internal sealed class GradualSparse : GradualTraining
{
    // At 1, TinyStories-656K at 1.6× ends 0.09 nats farther from the teacher (docs/experiments.md).
    private const double PlannedFactor = 2;

    private readonly SparseForm _form;
    private readonly Parameter _values;
    private readonly Tensor _correction;
    private readonly Tensor _weights;
    private readonly Tensor _counts;
    private readonly Tensor _kept;
    private readonly Tensor _share;
    private readonly Tensor _columns;
    private readonly long _group;

    /// <summary>Starts at the plan.</summary>
    /// <param name="form">The form.</param>
    /// <param name="planned">Its values, float32 [rows, columns]; stays the caller's.</param>
    /// <param name="mask">Its places, bool [rows, columns]; stays the caller's.</param>
    /// <param name="original">The matrix that it stands for, floating point; stays the caller's.</param>
    /// <param name="group">Neighbours of a row that are chosen among: a whole row, or those of a pattern.</param>
    public GradualSparse(SparseForm form, Tensor planned, Tensor mask, Tensor original, long group)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (_form, _group) = (form, group);
        Tensor whole = original.to(ScalarType.Float32).to(planned.device);
        _values = new Parameter(where(mask, planned, whole), requires_grad: false);
        _values.DetachFromDisposeScope();
        _correction = (whole - _values).DetachFromDisposeScope();
        Tensor places = mask.to(ScalarType.Float32);
        _weights = (1 + ((PlannedFactor - 1) * places)).DetachFromDisposeScope();
        _counts = Grouped(places, 0).sum(-1, keepdim: true).DetachFromDisposeScope();
        _kept = mask.to(ScalarType.Byte).DetachFromDisposeScope();
        _share = zeros([], device: planned.device).DetachFromDisposeScope();
        _columns = zeros(form.Columns, device: planned.device).DetachFromDisposeScope();
    }

    /// <summary>What trains in place of the form's values, float32 [rows, columns].</summary>
    public Parameter Values => _values;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => [_kept, _share, _columns];

    /// <summary>The matrix as it is; gradients pass.</summary>
    /// <returns>float32 [rows, columns], in the caller's scope.</returns>
    public Tensor Value()
    {
        using var scope = NewDisposeScope();
        if (_share.item<float>() == 0)
        {
            return (_values * _kept).MoveToOuterDisposeScope();
        }

        Tensor all = _values + (_share * _correction);
        return (all + ((all * _kept) - all).detach()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Observe()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (_values.grad is { } gradient)
        {
            _columns.add_(gradient.square().mean([0]));
        }
    }

    /// <inheritdoc/>
    public override void Choose(double share)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _share.fill_(share);
        Tensor scores = Grouped((_values + (_share * _correction)).abs() * _columns.sqrt() * _weights, -1);
        Tensor widths = Grouped(ones_like(_values), 0).sum(-1, keepdim: true);
        Tensor counts = _counts + (share * (widths - _counts)).round();
        Tensor ranks = scores.argsort(-1, descending: true).argsort(-1);
        _kept.copy_((ranks < counts).reshape(_form.Rows, -1).narrow(1, 0, _form.Columns));
    }

    /// <inheritdoc/>
    public override void Finish() => _form.Take(_values, _kept);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _form.EndGradual();
        foreach (Tensor tensor in (Tensor[])[_values, _correction, _weights, _counts, .. State])
        {
            tensor.Dispose();
        }
    }

    // [rows, groups, group]; the last group is filled up.
    private Tensor Grouped(Tensor values, double filler)
    {
        long missing = (_group - (_form.Columns % _group)) % _group;
        return nn.functional.pad(values, [0, missing], value: filler).reshape(_form.Rows, -1, _group);
    }
}
