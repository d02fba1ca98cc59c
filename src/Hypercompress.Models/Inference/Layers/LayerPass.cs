using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>
/// Takes tokens through all layers of a model. Queries, keys, values and the narrowing projection take their inputs in
/// 16 bit, the others in 8: docs/runtime.md has what each costs in nats.
/// </summary>
internal sealed unsafe class LayerPass : IDisposable
{
    // Fewer vectors are changed faster by one thread than several are told.
    private const int FewTokens = 8;

    private readonly DecoderConfig _config;
    private readonly ModelWeights _weights;
    private readonly MatrixProducts _products;
    private readonly AttentionPass _attention;
    private readonly PassBuffer _input;
    private readonly PassBuffer _mixed;
    private readonly PassBuffer _output;
    private readonly PassBuffer _gate;
    private readonly PassBuffer _up;

    /// <summary>Prepares for passes of one sequence.</summary>
    public LayerPass(DecoderConfig config, ModelWeights weights, MatrixProducts products, CacheOptions cache)
    {
        (_config, _weights, _products) = (config, weights, products);
        _attention = new AttentionPass(config, weights.Layers, products, cache);
        (_input, _output) = (new PassBuffer(config.HiddenSize), new PassBuffer(config.HiddenSize));
        _mixed = new PassBuffer(config.QueryRows);
        (_gate, _up) = (new PassBuffer(config.IntermediateSize), new PassBuffer(config.IntermediateSize));
    }

    /// <summary>Bytes of keys and values.</summary>
    public long CacheBytes => _attention.CacheBytes;

    /// <summary>Bytes of keys and values of one more token.</summary>
    public long BytesPerPosition => _attention.BytesPerPosition;

    private PassBuffer[] Buffers => [_input, _mixed, _output, _gate, _up];

    private WorkerPool Pool => _products.Pool;

    /// <summary>Computes the states after the final norm.</summary>
    /// <param name="ids">Tokens that follow those in the cache.</param>
    /// <param name="start">Position of the first.</param>
    /// <param name="length">Length of the sequence when all its tokens are there.</param>
    /// <param name="states">Gets the states.</param>
    public void Run(ReadOnlySpan<int> ids, int start, int length, PassBuffer states)
    {
        int count = ids.Length;
        Array.ForEach(Buffers, buffer => buffer.Reserve(count));
        _attention.Begin(start, count, length);
        Embed(ids, start, states);
        for (int layer = 0; layer < _weights.Layers.Length; layer++)
        {
            Run(layer, count, states);
        }

        Each(count, i => _weights.FinalNorm.Apply(states.At(i), states.At(i)));
    }

    /// <summary>Frees what only passes need.</summary>
    public void Release()
    {
        _attention.Release();
        Array.ForEach(Buffers, buffer => buffer.Release());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attention.Dispose();
        Array.ForEach(Buffers, buffer => buffer.Dispose());
    }

    private void Embed(ReadOnlySpan<int> ids, int start, PassBuffer states)
    {
        ImmutableArray<int> tokens = [.. ids];
        var scale = (float)_config.EmbeddingScale;
        int width = _config.HiddenSize;
        Each(tokens.Length, i =>
        {
            _weights.Embedding.ReadRow(tokens[i], new Span<float>(states.At(i), width));
            if (scale != 1)
            {
                VectorMath.Scale(states.At(i), scale, width);
            }

            if (_weights.Positions is { } positions)
            {
                fixed (float* learned = &positions[(start + i) * width])
                {
                    VectorMath.Add(states.At(i), learned, width);
                }
            }
        });
    }

    private void Run(int index, int count, PassBuffer states)
    {
        LayerWeights layer = _weights.Layers[index];
        Read(layer.AttentionNorm, count, states);
        _attention.Run(index, layer, _input, _mixed);
        _products.Multiply(_mixed.Start, count, layer.Output.Matrix, _output.Start, _output.Width, InputPrecision.Byte);
        if (_config.ParallelResidual)
        {
            Read(layer.MlpNorm, count, states);
            Join(layer.Output, layer.AttentionPostNorm, count, states);
        }
        else
        {
            Join(layer.Output, layer.AttentionPostNorm, count, states);
            Read(layer.MlpNorm, count, states);
        }

        Widen(layer, count);
        _products.Multiply(_gate.Start, count, layer.Down.Matrix, _output.Start, _output.Width, InputPrecision.Word);
        Join(layer.Down, layer.MlpPostNorm, count, states);
    }

    private void Read(VectorNorm? norm, int count, PassBuffer states) => Each(count, i =>
    {
        if (norm is null)
        {
            new ReadOnlySpan<float>(states.At(i), states.Width).CopyTo(new Span<float>(_input.At(i), _input.Width));
        }
        else
        {
            norm.Apply(states.At(i), _input.At(i));
        }
    });

    private void Join(PackedLinear linear, VectorNorm? norm, int count, PassBuffer states) => Each(count, i =>
    {
        linear.AddBias(_output.At(i));
        norm?.Apply(_output.At(i), _output.At(i));
        VectorMath.Add(states.At(i), _output.At(i), _output.Width);
    });

    private void Widen(LayerWeights layer, int count)
    {
        MatrixProduct up = new(layer.Up.Matrix, layer.Gate is null ? _gate.Start : _up.Start, _up.Width);
        if (layer.Gate is { } gate)
        {
            MatrixProduct gated = new(gate.Matrix, _gate.Start, _gate.Width);
            _products.Multiply(_input.Start, count, [gated, up], InputPrecision.Byte);
        }
        else
        {
            _products.Multiply(_input.Start, count, [up], InputPrecision.Byte);
        }

        Each(count, i =>
        {
            float* widened = layer.Gate is null ? _gate.At(i) : _up.At(i);
            layer.Up.AddBias(widened);
            layer.Gate?.AddBias(_gate.At(i));
            Nonlinearity.Apply(_config.Activation, _gate.At(i), layer.Gate is null ? null : widened, _gate.Width);
        });
    }

    private void Each(int count, Action<int> action) => Pool.Run(count, FewTokens, (first, end) =>
    {
        for (int i = first; i < end; i++)
        {
            action(i);
        }
    });
}
