using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Exports;

/// <summary>Compares what a model and its export say of a short sequence.</summary>
internal static class LogitComparison
{
    /// <summary>Difference that another order of adding explains, between implementations in float32.</summary>
    public const double SingleTolerance = 1e-3;

    // Rounding weights to 16 bits moves logits of small models by about 1e-2, and those of larger ones by some
    // hundredths of their size; a wrong tensor moves them by their own size.
    private const double HalfTolerance = 0.25;
    private const double HalfShare = 0.05;
    private const int MostTokens = 32;

    /// <summary>The difference that rounding weights to a type can cause.</summary>
    /// <param name="type">Floating point.</param>
    /// <param name="model">The model, whose logits give the scale.</param>
    public static double ToleranceOf(ScalarType type, DecoderModel model) =>
        type == ScalarType.Float32 ? SingleTolerance : Math.Max(HalfTolerance, HalfShare * Size(model));

    /// <summary>Ids spread over the vocabulary, no more than any layer sees and any rotation was trained for.</summary>
    /// <param name="config">The model.</param>
    public static long[] Ids(DecoderConfig config)
    {
        int window = config.Attention.Min(layer => layer.Window) ?? MostTokens;
        int trained = config.Rope is { Type: RopeType.LongRope or RopeType.Dynamic } rope
            ? rope.OriginalMaxPositions
            : MostTokens;
        int count = new[] { MostTokens, window, trained, config.MaxPositions }.Min();
        return [.. Enumerable.Range(0, count).Select(i => i * 7919L % config.VocabularySize)];
    }

    /// <summary>Largest difference of logits.</summary>
    /// <param name="model">The model.</param>
    /// <param name="other">
    /// Gives the logits [1, tokens, vocabulary] of int64 ids [1, tokens]; called inside a scope.
    /// </param>
    /// <returns>The difference; infinite when one of them is not a number.</returns>
    public static double Largest(DecoderModel model, Func<Tensor, Tensor> other)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor(Ids(model.Config)).unsqueeze(0);
        double difference = (model.Forward(ids) - other(ids)).abs().max().item<float>();
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }

    private static double Size(DecoderModel model)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return model.Forward(tensor(Ids(model.Config)).unsqueeze(0)).abs().max().item<float>();
    }
}
