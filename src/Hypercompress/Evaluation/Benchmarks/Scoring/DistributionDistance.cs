using Hypercompress.Evaluation.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>Distance between the next-token distributions of two models where documents are scored.</summary>
internal sealed class DistributionDistance
{
    private readonly MeanEstimate _divergence = new();
    private readonly MeanEstimate _agreement = new();
    private readonly List<double> _divergences = [];
    private readonly List<double> _agreed = [];

    /// <summary>
    /// Mean KL(teacher ‖ student), nats per scored token; documents are its samples. Null before the first one.
    /// </summary>
    public MeanEstimate? Divergence => _divergence.Count == 0 ? null : _divergence;

    /// <summary>Share of scored tokens where both have the same first guess. Null before the first one.</summary>
    public MeanEstimate? Agreement => _agreement.Count == 0 ? null : _agreement;

    /// <summary>Takes the predictions of the next rows of a pack.</summary>
    /// <param name="teacher">Log-probabilities, float32 [rows, vocabulary].</param>
    /// <param name="student">Log-probabilities, float32 [rows, vocabulary].</param>
    public void Take(Tensor teacher, Tensor student)
    {
        using var scope = NewDisposeScope();
        Tensor divergence = (teacher.exp() * (teacher - student)).sum(1, type: ScalarType.Float64);
        Tensor agreed = teacher.argmax(1).eq(student.argmax(1)).to(ScalarType.Float64);
        _divergences.AddRange(divergence.cpu().data<double>().ToArray());
        _agreed.AddRange(agreed.cpu().data<double>().ToArray());
    }

    /// <summary>Ends a document; its pack has been taken as a whole.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="first">The document's first sequence in it.</param>
    /// <param name="count">How many sequences it has.</param>
    public void EndDocument(TokenPack pack, int first, int count)
    {
        if (_divergences.Count == 0)
        {
            return;
        }

        int[] rows =
            [.. pack.Predictions.Skip(first).Take(count).SelectMany(one => one).Select(one => one.Row).Distinct()];
        int start = _divergences.Count - pack.Rows.Count;
        _divergence.AddWindow([.. rows.Select(row => _divergences[start + row])]);
        _agreement.AddWindow([.. rows.Select(row => _agreed[start + row])]);
        if (first + count == pack.Predictions.Length)
        {
            _divergences.Clear();
            _agreed.Clear();
        }
    }
}
