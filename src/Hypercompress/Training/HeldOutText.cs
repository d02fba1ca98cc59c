using System.Collections.Immutable;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using Hypercompress.Processes;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// Windows that training never sees, the same each time, and what the teacher makes of them.
/// </summary>
internal sealed class HeldOutText : IDisposable
{
    private readonly Tensor _windows;
    private readonly int _batchSize;
    private readonly DecoderModel? _teacher;
    private readonly IProcessGroup _processes;
    private readonly Dictionary<int, Tensor> _teacherStates = [];

    private HeldOutText(Tensor windows, int batchSize, DecoderModel? teacher, IProcessGroup processes)
    {
        (_windows, _batchSize, _teacher, _processes) = (windows, batchSize, teacher, processes);
        if (teacher is not null)
        {
            using var noGrad = no_grad();
            foreach (int batch in OwnBatches)
            {
                using var scope = NewDisposeScope();
                Tensor states = HiddenOf(teacher, Batch(batch).to(teacher.Device));
                _teacherStates.Add(batch, states.DetachFromDisposeScope());
            }
        }
    }

    /// <summary>Cuts windows from the start of each text.</summary>
    /// <param name="texts">The held-out texts.</param>
    /// <param name="options">Length of a window, windows of a batch, and most tokens of all texts.</param>
    /// <param name="teacher">The model whose predictions the student's are compared with, or null.</param>
    /// <param name="processes">The processes that each read some of them; null for this one alone.</param>
    /// <returns>The texts, or null when they have no window.</returns>
    public static HeldOutText? From(
        ImmutableArray<ImmutableArray<int>> texts,
        TrainingOptions options,
        DecoderModel? teacher = null,
        IProcessGroup? processes = null)
    {
        int length = Math.Min(options.SequenceLength, texts.Select(text => text.Length).DefaultIfEmpty().Max() - 1);
        if (length < 1)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        int most = Math.Max(1, options.ValidationTokens / length);
        Tensor[] windows =
        [
            .. TrainingTokens.InTurns([.. texts.Select(text => Cut(text, length))]).Take(most)
                .Select(window => tensor(window.ToArray(), dtype: ScalarType.Int64)),
        ];
        return new HeldOutText(
            stack(windows).DetachFromDisposeScope(), options.BatchSize, teacher, processes ?? SingleProcess.Instance);
    }

    /// <summary>Measures a model; done by all processes.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <returns>Its perplexity, and its divergence from the teacher where there is one.</returns>
    public HeldOutScore Measure(DecoderModel model)
    {
        using var noGrad = no_grad();
        (double loss, double divergence) = (0, 0);
        foreach (int batch in OwnBatches)
        {
            using var scope = NewDisposeScope();
            Tensor? teacherStates = _teacher is null ? null : _teacherStates[batch];
            (double ofLoss, double ofDivergence) = Sum(model, Batch(batch).to(model.Device), teacherStates);
            (loss, divergence) = (loss + ofLoss, divergence + ofDivergence);
        }

        (loss, divergence) = (_processes.Sum(loss), _processes.Sum(divergence));
        double tokens = _windows.shape[0] * (_windows.shape[1] - 1);
        return new HeldOutScore(Math.Exp(loss / tokens), _teacher is null ? null : divergence / tokens);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _windows.Dispose();
        foreach (Tensor states in _teacherStates.Values)
        {
            states.Dispose();
        }
    }

    private static ReadOnlyMemory<int>[] Cut(ImmutableArray<int> text, int length) =>
    [
        .. Enumerable.Range(0, Math.Max(0, (text.Length - 1) / length))
            .Select(i => text.AsMemory().Slice(i * length, length + 1)),
    ];

    private static Tensor HiddenOf(DecoderModel model, Tensor windows) =>
        model.Hidden(windows.narrow(1, 0, windows.shape[1] - 1)).reshape(1, -1, model.Config.HiddenSize);

    private IEnumerable<int> OwnBatches => _processes.InTurns(
        [.. Enumerable.Range(0, (int)((_windows.shape[0] + _batchSize - 1) / _batchSize))]);

    private Tensor Batch(int index)
    {
        long first = (long)index * _batchSize;
        return _windows.narrow(0, first, Math.Min(_batchSize, _windows.shape[0] - first));
    }

    private (double Loss, double Divergence) Sum(DecoderModel model, Tensor windows, Tensor? teacherStates)
    {
        Tensor hidden = HiddenOf(model, windows);
        Tensor targets = windows.narrow(1, 1, windows.shape[1] - 1).reshape(-1);
        (double loss, double divergence) = (0, 0);
        foreach (HeadChunk chunk in HeadChunks.Cut(targets.shape[0], model.Config.VocabularySize))
        {
            using var scope = NewDisposeScope();
            Tensor logits = chunk.Logits(model, hidden).log_softmax(-1);
            loss += nn.functional.nll_loss(logits, chunk.Of(targets), reduction: nn.Reduction.Sum).item<float>();
            if (teacherStates is not null)
            {
                Tensor wanted = chunk.Logits(_teacher!, teacherStates).log_softmax(-1);
                divergence += nn.functional.kl_div(
                    logits, wanted, reduction: nn.Reduction.Sum, log_target: true).item<float>();
            }
        }

        return (loss, divergence);
    }
}
