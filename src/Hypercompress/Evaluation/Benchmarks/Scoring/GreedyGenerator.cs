using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>
/// Continues several texts greedily in one tree: the beginning they share is read once, and each step reads the weights
/// once for all of them.
/// </summary>
/// <param name="model">The model; not owned.</param>
/// <param name="tokenizer">Its tokenizer.</param>
internal sealed class GreedyGenerator(LanguageModel model, ITokenizer tokenizer)
{
    // Every step attends over all lanes: beyond this, that costs more than reading the weights.
    private const int TokensInFlight = 6144;
    private const int MaxLanes = 8;

    /// <summary>Continues texts.</summary>
    /// <param name="requests">The texts.</param>
    /// <param name="onDone">Told after every group how many texts are done; null for nobody.</param>
    /// <param name="cancellation">Stops between tokens.</param>
    /// <returns>The continuations in the order of the requests.</returns>
    /// <exception cref="NumericalException">The model's logits are not finite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public ImmutableArray<string> Generate(
        IReadOnlyList<GenerationRequest> requests, Action<int>? onDone = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        using var noGrad = no_grad();
        var texts = new string[requests.Count];
        int[] order =
            [.. Enumerable.Range(0, requests.Count).OrderByDescending(index => requests[index].Prompt.Length)];
        for (int first = 0; first < order.Length;)
        {
            int room = TokensInFlight / (requests[order[first]].Prompt.Length + requests[order[first]].MaxTokens);
            int[] group = [.. order.Skip(first).Take(Math.Clamp(room, 1, MaxLanes))];
            GenerationLane[] lanes =
                [.. group.Select(index => new GenerationLane(requests[index], tokenizer, model.EndTokenIds))];
            Run(lanes, cancellation);
            foreach ((int index, GenerationLane lane) in group.Zip(lanes))
            {
                texts[index] = lane.Text;
            }

            first += group.Length;
            onDone?.Invoke(group.Length);
        }

        return [.. texts];
    }

    private void Run(GenerationLane[] lanes, CancellationToken cancellation)
    {
        using var cache = new KvCache(model.Decoder);
        var tree = new TokenTree();
        ReadPrompts(lanes, cache, tree);
        for (GenerationLane[] live = Live(lanes); live.Length > 0; live = Live(live))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (GenerationLane lane in live)
            {
                lane.Node = tree.Add(lane.Node);
            }

            long[] next = Step([.. live.Select(lane => lane.Last)], cache, tree, live.Length);
            foreach ((GenerationLane lane, long id) in live.Zip(next))
            {
                lane.Add((int)id);
            }
        }
    }

    private void ReadPrompts(GenerationLane[] lanes, KvCache cache, TokenTree tree)
    {
        int shared = lanes.Min(lane => lane.Request.Prompt.Length) - 1;
        ReadOnlySpan<int> first = lanes[0].Request.Prompt.AsSpan();
        foreach (GenerationLane lane in lanes)
        {
            shared = Math.Min(shared, first.CommonPrefixLength(lane.Request.Prompt.AsSpan()));
        }

        int end = tree.AddChain(-1, shared);
        if (shared > 0)
        {
            using var scope = NewDisposeScope();
            model.Decoder.Hidden(ToTensor(first[..shared]), cache);
        }

        foreach (GenerationLane lane in lanes)
        {
            ReadOnlySpan<int> own = lane.Request.Prompt.AsSpan()[shared..];
            lane.Node = tree.AddChain(end, own.Length);
            lane.Add((int)Step(own, cache, tree, 1)[0]);
        }
    }

    /// <summary>Reads tokens and gives the most probable successor of the last ones.</summary>
    private long[] Step(ReadOnlySpan<int> ids, KvCache cache, TokenTree tree, int asked)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = model.Decoder.Hidden(ToTensor(ids), cache, tree: tree);
        Tensor logits = model.Decoder.Logits(hidden.narrow(1, hidden.shape[1] - asked, asked));
        (Tensor highest, Tensor best) = logits.squeeze(0).max(1);
        return highest.isfinite().all().item<bool>()
            ? best.cpu().data<long>().ToArray()
            : throw new NumericalException(
                $"{model.Label}: the logits are not finite while it generates. Check its weights with "
                + $"'inspect', or compress less");
    }

    private Tensor ToTensor(ReadOnlySpan<int> ids)
    {
        long[] wide = [.. ids];
        return tensor(wide, [1, wide.Length], device: model.Decoder.Device);
    }

    private static GenerationLane[] Live(GenerationLane[] lanes) => [.. lanes.Where(lane => !lane.Done)];
}
