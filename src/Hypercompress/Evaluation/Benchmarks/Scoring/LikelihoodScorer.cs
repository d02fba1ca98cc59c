using System.Collections.Immutable;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>
/// Log-likelihoods of continuations, of one model or of two side by side. Documents are packed into passes: a shared
/// few-shot prompt is read once for all of them, the context of a question once for all its options.
/// </summary>
public sealed class LikelihoodScorer : IDisposable
{
    private readonly ImmutableArray<PackReader> _readers;
    private readonly Device _device;
    private readonly int _vocabulary;

    /// <summary>Prepares for scoring.</summary>
    /// <param name="models">One model, or a teacher and its student with the same vocabulary; not owned.</param>
    public LikelihoodScorer(params ReadOnlySpan<DecoderModel> models)
    {
        (_device, _vocabulary) = (models[0].Device, models[0].Config.VocabularySize);
        var readers = ImmutableArray.CreateBuilder<PackReader>(models.Length);
        foreach (DecoderModel model in models)
        {
            readers.Add(new PackReader(model));
        }

        _readers = readers.MoveToImmutable();
    }

    /// <summary>Distance between the predictions of two models, over everything that was scored so far.</summary>
    internal DistributionDistance Distance { get; } = new();

    /// <summary>Scores the sequences of documents.</summary>
    /// <param name="items">The sequences of every document, at least one each.</param>
    /// <param name="onDone">Told after every pass how many documents were done in it; null for nobody.</param>
    /// <param name="cancellation">Stops between passes.</param>
    /// <returns>For every model, for every document, one result per sequence.</returns>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public ImmutableArray<ImmutableArray<LikelihoodResult>[]> Score(
        IReadOnlyList<IReadOnlyList<ScoredSequence>> items,
        Action<int>? onDone = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        using var noGrad = no_grad();
        ImmutableArray<ImmutableArray<LikelihoodResult>[]> results =
            [.. _readers.Select(_ => new ImmutableArray<LikelihoodResult>[items.Count])];
        foreach (IReadOnlyList<int> members in PackPlanner.Plan(items))
        {
            cancellation.ThrowIfCancellationRequested();
            ScoreTogether(items, members, results);
            onDone?.Invoke(members.Count);
        }

        return results;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PackReader reader in _readers)
        {
            reader.Dispose();
        }
    }

    private void ScoreTogether(
        IReadOnlyList<IReadOnlyList<ScoredSequence>> items,
        IReadOnlyList<int> members,
        ImmutableArray<ImmutableArray<LikelihoodResult>[]> results)
    {
        var pack = new TokenPack([.. members.SelectMany(index => items[index])]);
        PackScores[] scores = [.. _readers.Select(_ => new PackScores(pack))];
        Read(pack, scores);
        int sequence = 0;
        foreach (int index in members)
        {
            int first = sequence;
            sequence += items[index].Count;
            for (int model = 0; model < scores.Length; model++)
            {
                results[model][index] = [.. Enumerable.Range(first, items[index].Count).Select(scores[model].Result)];
            }

            Distance.EndDocument(pack, first, items[index].Count);
        }
    }

    private void Read(TokenPack pack, PackScores[] scores)
    {
        using var scope = NewDisposeScope();
        Tensor[] hidden = [.. _readers.Select(reader => reader.Read(pack))];
        foreach (HeadChunk rows in HeadChunks.Cut(pack.Rows.Count, _vocabulary))
        {
            using var part = NewDisposeScope();
            Tensor[] predicted =
                [.. _readers.Select((reader, model) => reader.LogProbabilities(hidden[model], rows).to(_device))];
            for (int model = 0; model < scores.Length; model++)
            {
                scores[model].Take(predicted[model], (int)rows.Start);
            }

            if (predicted is [var teacher, var student])
            {
                Distance.Take(teacher, student);
            }
        }
    }
}
