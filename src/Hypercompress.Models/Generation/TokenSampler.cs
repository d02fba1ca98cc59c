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
            throw NotANumber(best);
        }

        return options.Temperature == 0 ? (int)logits.argmax().item<long>() : Draw(logits);
    }

    /// <summary>Chooses, and tells the probabilities that the options ask for.</summary>
    /// <param name="logits">One number a token of the vocabulary.</param>
    /// <returns>The token.</returns>
    /// <exception cref="NumericalException">A logit is not a number.</exception>
    public GeneratedToken Take(ReadOnlySpan<float> logits)
    {
        if (options.LogProbabilities is null)
        {
            return new GeneratedToken(Next(logits), null, []);
        }

        using Tensor copy = tensor(logits.ToArray());
        return Take(copy);
    }

    /// <summary>Chooses.</summary>
    /// <param name="logits">One number a token of the vocabulary.</param>
    /// <returns>A token id.</returns>
    /// <exception cref="NumericalException">A logit is not a number.</exception>
    public int Next(ReadOnlySpan<float> logits)
    {
        if (options.Temperature > 0)
        {
            using Tensor copy = tensor(logits.ToArray());
            return Next(copy);
        }

        int best = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]) || float.IsPositiveInfinity(logits[i]))
            {
                throw NotANumber(logits[i]);
            }

            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();

    private static NumericalException NotANumber(float found) =>
        new($"the model gave logits with a maximum of {found}; its weights are damaged");

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
