using System.Globalization;
using System.Numerics.Tensors;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Perplexity and divergence of several models on the same tokens; the first one is what the others are compared with.
/// </summary>
internal sealed class ScoredTokens
{
    private readonly List<float[]> _teacher = [];
    private readonly List<double> _divergences = [];
    private readonly List<double> _losses = [];
    private double[]? _first;

    /// <summary>Adds the next token of the current model.</summary>
    /// <param name="logits">What it says.</param>
    /// <param name="next">The token that follows.</param>
    public void Add(ReadOnlySpan<float> logits, int next)
    {
        float[] logs = LogProbabilities(logits);
        if (_first is null)
        {
            _teacher.Add(logs);
        }

        _divergences.Add(Divergence(_teacher[_losses.Count], logs));
        _losses.Add(-logs[next]);
    }

    /// <summary>Prints the scores of the current model, and goes on to the next.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="bytes">Bytes of its tensors.</param>
    public void Print(string name, long bytes)
    {
        _first ??= [.. _losses];
        double[] excess = [.. _losses.Zip(_first, (own, other) => own - other)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {bytes} bytes, ppl {Math.Exp(_losses.Average()):F4}, excess {excess.Average():F5} ± "
            + $"{Error(excess):F5}, KL {_divergences.Average():F5} ± {Error([.. _divergences]):F5} nats over "
            + $"{_losses.Count} tokens"));
        _losses.Clear();
        _divergences.Clear();
    }

    private static float[] LogProbabilities(ReadOnlySpan<float> logits)
    {
        float most = TensorPrimitives.Max(logits);
        var logs = new float[logits.Length];
        TensorPrimitives.Subtract(logits, most, logs);
        var shares = new float[logits.Length];
        TensorPrimitives.Exp(logs, shares);
        TensorPrimitives.Subtract(logs, MathF.Log(TensorPrimitives.Sum(shares)), logs);
        return logs;
    }

    // KL(teacher ‖ model) at a token.
    private static double Divergence(float[] teacher, float[] own)
    {
        var shares = new float[teacher.Length];
        TensorPrimitives.Exp(teacher, shares);
        var gaps = new float[teacher.Length];
        TensorPrimitives.Subtract(teacher, own, gaps);
        return TensorPrimitives.Dot(shares, gaps);
    }

    private static double Error(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean))) / values.Length;
    }
}
