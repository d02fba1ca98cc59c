using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>Picks the scores of one model's sequences out of its predictions, some rows at a time.</summary>
internal sealed class PackScores
{
    private readonly TokenPack _pack;
    private readonly double[][] _logProbabilities;
    private readonly bool[] _greedy;
    private readonly ILookup<int, (int Sequence, int Place)> _wanted;

    /// <summary>Prepares for a pack.</summary>
    /// <param name="pack">The pack.</param>
    public PackScores(TokenPack pack)
    {
        _pack = pack;
        _logProbabilities = [.. pack.Predictions.Select(predictions => new double[predictions.Length])];
        _greedy = [.. pack.Predictions.Select(_ => true)];
        _wanted = pack.Predictions
            .SelectMany(
                (predictions, sequence) => predictions.Select((prediction, place) => (prediction.Row, sequence, place)))
            .ToLookup(wanted => wanted.Row, wanted => (wanted.sequence, wanted.place));
    }

    /// <summary>Takes the predictions of some rows.</summary>
    /// <param name="logProbabilities">float32 [rows, vocabulary].</param>
    /// <param name="first">The first of these rows in the pack.</param>
    public void Take(Tensor logProbabilities, int first)
    {
        using var scope = NewDisposeScope();
        (long Row, int Sequence, int Place)[] wanted =
        [
            .. from row in Enumerable.Range(0, (int)logProbabilities.shape[0])
               from place in _wanted[first + row]
               select ((long)row, place.Sequence, place.Place),
        ];
        Tensor rows = tensor([.. wanted.Select(one => one.Row)], device: logProbabilities.device);
        Tensor targets = tensor([.. wanted.Select(Target)], device: logProbabilities.device);
        float[] picked = logProbabilities.index(rows, targets).cpu().data<float>().ToArray();
        long[] guesses = logProbabilities.argmax(1).cpu().data<long>().ToArray();
        foreach (((long row, int sequence, int place), float value) in wanted.Zip(picked))
        {
            _logProbabilities[sequence][place] = value;
            _greedy[sequence] &= guesses[row] == Target((row, sequence, place));
        }
    }

    /// <summary>The score of a sequence once all rows were taken.</summary>
    /// <param name="sequence">0-based, in the order of the pack.</param>
    public LikelihoodResult Result(int sequence) => new(_logProbabilities[sequence].Sum(), _greedy[sequence]);

    private long Target((long Row, int Sequence, int Place) wanted) =>
        _pack.Predictions[wanted.Sequence][wanted.Place].Target;
}
