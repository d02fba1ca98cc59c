using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Layers;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Inference.Batching;

/// <summary>
/// Computes steps of several sequences in one pass. Each gets the same bits as in a pass of its own, because the
/// products add in an order that does not depend on how many rows there are. One caller at a time.
/// </summary>
internal sealed unsafe class StepPass : IDisposable
{
    private readonly ModelWeights _weights;
    private readonly MatrixProducts _products;
    private readonly LayerPass _pass;
    private readonly PassBuffer _states;
    private readonly PassBuffer _last;
    private readonly PassBuffer _logits;

    /// <summary>Prepares.</summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="weights">The weights; stay the caller's.</param>
    /// <param name="pool">The threads; stay the caller's.</param>
    public StepPass(DecoderConfig config, ModelWeights weights, WorkerPool pool)
    {
        _weights = weights;
        _products = new MatrixProducts(pool, isRepeatable: true);
        _pass = new LayerPass(config, weights, _products);
        (_states, _last) = (new PassBuffer(config.HiddenSize), new PassBuffer(config.HiddenSize));
        _logits = new PassBuffer(config.VocabularySize);
    }

    /// <summary>Computes steps.</summary>
    /// <param name="steps">Steps of different sequences, at least one.</param>
    public void Run(IReadOnlyList<SequenceStep> steps)
    {
        _states.Reserve(steps.Sum(step => step.Part.Ids.Length));
        _pass.Run([.. steps.Select(step => step.Part)], _states);
        int count = steps.Sum(step => step.Wanted);
        _last.Reserve(count);
        _logits.Reserve(count);
        int row = 0;
        foreach (SequenceStep step in steps)
        {
            int first = step.Part.First + step.Part.Ids.Length - step.Wanted;
            Copy(_states.At(first), _last.At(row), step.Wanted, _states.Width);
            row += step.Wanted;
        }

        _weights.Logits(_products, _last.Start, count, _logits.Start);
        row = 0;
        foreach (SequenceStep step in steps)
        {
            Copy(_logits.At(row), step.Logits.Start, step.Wanted, _logits.Width);
            row += step.Wanted;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _products.Dispose();
        _pass.Dispose();
        _states.Dispose();
        _last.Dispose();
        _logits.Dispose();
    }

    private static void Copy(float* source, float* target, int count, int width) =>
        new ReadOnlySpan<float>(source, count * width).CopyTo(new Span<float>(target, count * width));
}
