using System.Collections.Immutable;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using static TorchSharp.torch;

namespace Hypercompress.Students;

/// <summary>
/// Chooses the layers that a shallower student keeps: those are left out whose absence moves the model's predictions
/// least, measured on text. A few at a time, since a layer matters more once its neighbour is gone.
/// </summary>
/// <remarks>
/// The measure is that of Minitron (Muralidharan et al., arXiv 2407.14679), with the KL divergence from the whole model
/// in place of the loss on the text.
/// </remarks>
/// <param name="teacher">The whole model; not changed.</param>
/// <param name="windows">Token windows to measure on.</param>
/// <param name="cancellation">Stops between measurements.</param>
internal sealed class LayerImportance(
    DecoderModel teacher, IReadOnlyList<int[]> windows, CancellationToken cancellation)
{
    private const int MostRounds = 4;

    /// <summary>Chooses layers.</summary>
    /// <param name="count">How many are kept, from 1 to the teacher's number of layers.</param>
    /// <param name="progress">Told measurements done and in all.</param>
    /// <returns>0-based layers, ascending.</returns>
    public ImmutableArray<int> Choose(int count, Action<int, int> progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ImmutableArray<int> kept = [.. Enumerable.Range(0, teacher.Config.Layers)];
        int dropped = kept.Length - count;
        int step = Math.Max(1, (dropped + MostRounds - 1) / MostRounds);
        int total = Rounds(kept.Length, count, step).Sum();
        int done = 0;
        using var scope = NewDisposeScope();
        Tensor[] whole = Whole();
        while (kept.Length > count)
        {
            var costs = new Dictionary<int, double>();
            foreach (int layer in kept)
            {
                costs[layer] = Divergence(kept.Remove(layer), whole);
                progress(++done, total);
            }

            ImmutableArray<int> least =
                [.. kept.OrderBy(layer => costs[layer]).Take(Math.Min(step, kept.Length - count))];
            kept = kept.RemoveRange(least);
        }

        return kept;
    }

    /// <summary>KL divergence of the model with some layers from the whole one.</summary>
    /// <param name="kept">The layers that are run, ascending.</param>
    /// <returns>Mean over all positions, nats per token.</returns>
    public double Divergence(IReadOnlyCollection<int> kept)
    {
        using var scope = NewDisposeScope();
        return Divergence(kept, Whole());
    }

    // What the whole model makes of each window, in the caller's scope: the same for all layers that are tried.
    private Tensor[] Whole()
    {
        int[] all = [.. Enumerable.Range(0, teacher.Config.Layers)];
        return [.. windows.Select(window => Run(window, all))];
    }

    private double Divergence(IReadOnlyCollection<int> kept, Tensor[] wholes)
    {
        using var noGrad = no_grad();
        (double sum, long positions) = (0, 0);
        foreach ((int[] window, Tensor whole) in windows.Zip(wholes))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Tensor part = Run(window, kept);
            foreach (HeadChunk chunk in HeadChunks.Cut(window.Length, teacher.Config.VocabularySize))
            {
                using var inner = NewDisposeScope();
                Tensor wanted = chunk.Logits(teacher, whole).log_softmax(-1);
                Tensor found = chunk.Logits(teacher, part).log_softmax(-1);
                sum += nn.functional.kl_div(found, wanted, reduction: nn.Reduction.Sum, log_target: true)
                    .item<float>();
            }

            positions += window.Length;
        }

        return sum / positions;
    }

    private Tensor Run(int[] window, IReadOnlyCollection<int> layers)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor(window, dtype: ScalarType.Int64, device: teacher.Device).unsqueeze(0);
        Tensor states = teacher.Enter(ids);
        foreach (int layer in layers)
        {
            Tensor before = states;
            states = teacher.RunLayer(layer, before);
            before.Dispose();
        }

        return teacher.Leave(states).MoveToOuterDisposeScope();
    }

    // Measurements of each round.
    private static IEnumerable<int> Rounds(int layers, int count, int step)
    {
        for (int left = layers; left > count; left -= step)
        {
            yield return left;
        }
    }
}
