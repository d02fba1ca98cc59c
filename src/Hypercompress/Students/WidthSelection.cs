using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using static TorchSharp.torch;

namespace Hypercompress.Students;

/// <summary>
/// The channels of the residual stream, and the heads and neurons of every layer, that a narrower student keeps.
/// </summary>
/// <param name="Channels">Of the residual stream, ascending.</param>
/// <param name="Heads">Key/value heads by layer of the teacher, ascending.</param>
/// <param name="Neurons">Of the feed-forward block, by layer of the teacher, ascending.</param>
/// <remarks>
/// What is kept is what moves the outputs most: an input is worth its mean square times the squared length of its
/// column (Wanda's score, Sun et al., arXiv 2306.11695, summed as in Minitron, arXiv 2407.14679).
/// </remarks>
internal sealed record WidthSelection(
    ImmutableArray<long> Channels,
    ImmutableArray<ImmutableArray<long>> Heads,
    ImmutableArray<ImmutableArray<long>> Neurons)
{
    /// <summary>Keeps everything.</summary>
    /// <param name="teacher">The teacher's sizes.</param>
    /// <returns>All channels, heads and neurons.</returns>
    public static WidthSelection All(DecoderConfig teacher) => new(
        Range(teacher.HiddenSize),
        [.. Enumerable.Repeat(Range(teacher.KeyValueHeads), teacher.Layers)],
        [.. Enumerable.Repeat(Range(teacher.IntermediateSize), teacher.Layers)]);

    /// <summary>Keeps the most important.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="sizes">How many of each.</param>
    /// <param name="energy">Mean squares of the inputs of its matrices.</param>
    /// <returns>The selection.</returns>
    public static WidthSelection Of(DecoderModel teacher, StudentSizes sizes, InputEnergy energy)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        int[] layers = [.. Enumerable.Range(0, teacher.Config.Layers)];
        return new WidthSelection(
            Most(OfChannels(teacher, energy), sizes.Hidden),
            [.. layers.Select(layer => Most(OfHeads(teacher, layer, energy), sizes.KeyValueHeads))],
            [.. layers.Select(layer => Most(
                Worth(teacher, DecoderNames.Of(TensorRole.Down, layer), energy), sizes.Intermediate))]);
    }

    // Every matrix that reads the stream has the same say, whatever the size of its outputs.
    private static Tensor OfChannels(DecoderModel teacher, InputEnergy energy)
    {
        HashSet<string> writers =
        [
            .. Enumerable.Range(0, teacher.Config.Layers).SelectMany(layer => new[]
            {
                DecoderNames.Of(TensorRole.AttentionOutput, layer), DecoderNames.Of(TensorRole.Down, layer),
            }),
        ];
        return teacher.Slots.Where(slot => !writers.Contains(slot.Name) && energy.Has(slot.Name))
            .Select(slot => Worth(teacher, slot.Name, energy))
            .Select(worth => worth / worth.sum())
            .Aggregate((sum, share) => sum + share);
    }

    // A key/value head goes with the query heads that read it.
    private static Tensor OfHeads(DecoderModel teacher, int layer, InputEnergy energy) =>
        Worth(teacher, DecoderNames.Of(TensorRole.AttentionOutput, layer), energy)
            .reshape(teacher.Config.KeyValueHeads, -1).sum(dim: 1);

    private static Tensor Worth(DecoderModel teacher, string name, InputEnergy energy)
    {
        Tensor weight = teacher.Slots.First(slot => slot.Name == name).Matrix.Materialize();
        return weight.to(ScalarType.Float64).square().sum(dim: 0).cpu() * energy.MeanSquares(name).cpu();
    }

    private static ImmutableArray<long> Most(Tensor worth, int count)
    {
        double[] values = worth.data<double>().ToArray();
        return [.. Range(values.Length).OrderByDescending(index => values[index]).Take(count).Order()];
    }

    private static ImmutableArray<long> Range(int count) =>
        [.. Enumerable.Range(0, count).Select(index => (long)index)];
}
