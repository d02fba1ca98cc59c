using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// The error metric of an embedding. An error δ in the row of token v costs ½ δᵀ M_v δ per token with
/// M_v = f_v G_e + q_v H_h: f_v is how often v is read, G_e the second moment of the gradients at the embedding's
/// output; q_v = E[p_v (1 − p_v)] and H_h = E[h hᵀ] of the final hidden states count only where the embedding is also
/// the output projection. M_v is approximated by s_v M̄, with M̄ the mean over the vocabulary and s_v = tr M_v / tr M̄.
/// </summary>
internal static class TokenMetric
{
    private const double ExtraCount = 0.5;
    private const double Smallest = 1e-30;

    /// <summary>f: shares of tokens, each counted half a time more than it occurs.</summary>
    /// <param name="counts">float64 [vocabulary].</param>
    /// <returns>float64 [vocabulary], sums to 1, in the caller's scope.</returns>
    internal static Tensor Frequencies(Tensor counts)
    {
        using var scope = NewDisposeScope();
        Tensor raised = counts + ExtraCount;
        return (raised / raised.sum()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// q of a token that the model was hardly asked about is known better from how often it occurs: where p_v is small,
    /// E[p_v (1 − p_v)] is about E[p_v] = f_v. The mean of what was measured and what the frequencies say.
    /// </summary>
    /// <param name="spread">q as measured, float64 [vocabulary].</param>
    /// <param name="frequencies">f, float64 [vocabulary], sums to 1.</param>
    /// <returns>float64 [vocabulary] of the same sum, in the caller's scope.</returns>
    internal static Tensor Blend(Tensor spread, Tensor frequencies)
    {
        using var scope = NewDisposeScope();
        return ((spread + (frequencies * spread.sum())) / 2).MoveToOuterDisposeScope();
    }

    /// <summary>Splits the metric of a tied embedding into s and M̄.</summary>
    /// <param name="frequencies">f, float64 [vocabulary].</param>
    /// <param name="gradient">G_e, float64 [width, width].</param>
    /// <param name="spread">q, float64 [vocabulary].</param>
    /// <param name="hidden">H_h, float64 [width, width].</param>
    /// <returns>s [vocabulary] of mean 1 and M̄ [width, width], float64, in the caller's scope.</returns>
    internal static (Tensor Rows, Tensor Moment) Tied(Tensor frequencies, Tensor gradient, Tensor spread, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        Tensor moment = (gradient * frequencies.mean()) + (hidden * spread.mean());
        Tensor traces = (frequencies * gradient.trace()) + (spread * hidden.trace());
        Tensor rows = traces / traces.mean();
        return (rows.MoveToOuterDisposeScope(), moment.MoveToOuterDisposeScope());
    }

    /// <summary>Adds a share of the mean to every entry.</summary>
    /// <param name="values">float64 [n], none negative.</param>
    /// <param name="share">Share of the mean.</param>
    /// <returns>float64 [n], positive even where all are zero, in the caller's scope.</returns>
    internal static Tensor Raise(Tensor values, double share)
    {
        using var scope = NewDisposeScope();
        Tensor floor = (values.mean() * share).clamp(min: Smallest);
        return (values + floor).MoveToOuterDisposeScope();
    }
}
