using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation.Drawing;

namespace Hypercompress.Models.Generation;

/// <summary>Chooses the next token: the best, or a draw of its <see cref="TokenDistribution"/>.</summary>
/// <param name="options">How.</param>
internal sealed class TokenSampler(SamplingOptions options)
{
    private readonly RandomDraws _draws = new(options.Seed);

    /// <summary>Chooses, and tells the probabilities that the options ask for.</summary>
    /// <param name="logits">One number a token of the vocabulary.</param>
    /// <returns>The token.</returns>
    /// <exception cref="NumericalException">A logit is not a number.</exception>
    public GeneratedToken Take(ReadOnlySpan<float> logits) => Tell(Next(logits), logits);

    /// <summary>Tells the probabilities that the options ask for.</summary>
    /// <param name="id">The token that was chosen.</param>
    /// <param name="logits">One number a token of the vocabulary.</param>
    /// <returns>The token.</returns>
    public GeneratedToken Tell(int id, ReadOnlySpan<float> logits)
    {
        if (options.LogProbabilities is not { } wanted)
        {
            return new GeneratedToken(id, null, []);
        }

        float[] all = [.. logits];
        double best = all.Max();
        double sum = best + Math.Log(all.Sum(logit => Math.Exp(logit - best)));
        int[] ids = [.. Enumerable.Range(0, all.Length).OrderByDescending(other => all[other]).Take(wanted)];
        return new GeneratedToken(
            id, all[id] - sum, [.. ids.Select(other => new TokenChoice(other, all[other] - sum))]);
    }

    /// <summary>Chooses.</summary>
    /// <param name="logits">One number a token of the vocabulary.</param>
    /// <returns>A token id.</returns>
    /// <exception cref="NumericalException">A logit is not a number.</exception>
    public int Next(ReadOnlySpan<float> logits)
    {
        int best = Best(logits);
        return options.Temperature == 0 ? best : Distribution(logits).Draw(_draws.Next());
    }

    /// <summary>Chooses a token that a larger model will judge.</summary>
    /// <param name="logits">One number a token of the vocabulary.</param>
    /// <returns>The token, and what it was drawn from; null for the latter where the best is taken.</returns>
    /// <exception cref="NumericalException">A logit is not a number.</exception>
    public (int Id, TokenDistribution? Chance) Propose(ReadOnlySpan<float> logits)
    {
        int best = Best(logits);
        if (options.Temperature == 0)
        {
            return (best, null);
        }

        TokenDistribution chance = Distribution(logits);
        return (chance.Draw(_draws.Next()), chance);
    }

    /// <summary>
    /// Takes a proposed token with the probability min(1, p / q), else draws one of max(p − q, 0): the result has the
    /// probabilities p, whatever q is.
    /// </summary>
    /// <param name="logits">Those that p is made of.</param>
    /// <param name="id">The proposed token.</param>
    /// <param name="chance">q, of which it was drawn; null where the best is taken.</param>
    /// <returns>Whether it was taken, and the token that was chosen.</returns>
    /// <exception cref="NumericalException">A logit is not a number.</exception>
    public (bool IsTaken, int Id) Judge(ReadOnlySpan<float> logits, int id, TokenDistribution? chance)
    {
        int best = Best(logits);
        if (chance is null)
        {
            return (best == id, best);
        }

        TokenDistribution wanted = Distribution(logits);
        return _draws.Next() * chance.Of(id) < wanted.Of(id)
            ? (true, id)
            : (false, wanted.Beyond(chance).Draw(_draws.Next()));
    }

    /// <summary>The best token, the lowest id among equals.</summary>
    /// <param name="logits">One number a token of the vocabulary.</param>
    /// <exception cref="NumericalException">A logit is not a number.</exception>
    public static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]) || float.IsPositiveInfinity(logits[i]))
            {
                throw NotANumber(logits[i]);
            }

            best = logits[i] > logits[best] ? i : best;
        }

        return float.IsFinite(logits[best]) ? best : throw NotANumber(logits[best]);
    }

    private TokenDistribution Distribution(ReadOnlySpan<float> logits) =>
        TokenDistribution.Of(logits, options.Temperature, options.TopK, options.TopP);

    private static NumericalException NotANumber(float found) =>
        new($"the model gave logits with a maximum of {found}; its weights are damaged");
}
