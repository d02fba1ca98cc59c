using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Generation;

/// <summary>
/// Chooses the next token: temperature, then the best k, then the nucleus (Holtzman et al. 2020), then a draw; the
/// order of Hugging Face transformers.
/// </summary>
internal sealed class TokenSampler(SamplingOptions options) : IDisposable
{
    private readonly Generator _generator = new(options.Seed);

    /// <summary>Chooses, and tells the probabilities that the options ask for.</summary>
    /// <param name="logits">float32 [vocabulary].</param>
    /// <returns>The token.</returns>
    /// <exception cref="NumericalException">A logit is not a number.</exception>
    public GeneratedToken Take(Tensor logits)
    {
        int id = Next(logits);
        if (options.LogProbabilities is not { } wanted)
        {
            return new GeneratedToken(id, null, []);
        }

        using var scope = NewDisposeScope();
        Tensor all = logits.to(ScalarType.Float64).log_softmax(0);
        int count = (int)Math.Min(wanted, all.shape[0]);
        (Tensor values, Tensor ids) = all.topk(Math.Max(1, count));
        double[] best = values.cpu().data<double>().ToArray();
        long[] bestIds = ids.cpu().data<long>().ToArray();
        return new GeneratedToken(
            id,
            all[id].item<double>(),
            [.. Enumerable.Range(0, count).Select(i => new TokenChoice((int)bestIds[i], best[i]))]);
    }

    /// <summary>Chooses.</summary>
    /// <param name="logits">float32 [vocabulary].</param>
    /// <returns>A token id.</returns>
    /// <exception cref="NumericalException">A logit is not a number.</exception>
    public int Next(Tensor logits)
    {
        using var scope = NewDisposeScope();
        float best = logits.max().item<float>();
        if (!float.IsFinite(best))
        {
            throw new NumericalException($"the model gave logits with a maximum of {best}; its weights are damaged");
        }

        return options.Temperature == 0 ? (int)logits.argmax().item<long>() : Draw(logits);
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();

    private int Draw(Tensor logits)
    {
        (Tensor sorted, Tensor ids) = (logits.cpu() / options.Temperature).sort(0, descending: true, stable: true);
        if (options.TopK > 0 && options.TopK < sorted.shape[0])
        {
            sorted = sorted.narrow(0, 0, options.TopK);
        }

        Tensor probabilities = nn.functional.softmax(sorted, 0);
        if (options.TopP < 1)
        {
            Tensor before = probabilities.cumsum(0) - probabilities;
            probabilities = probabilities.where(before < options.TopP, 0f);
        }

        return (int)ids[multinomial(probabilities, 1, generator: _generator)].item<long>();
    }
}
