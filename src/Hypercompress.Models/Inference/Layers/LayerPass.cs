using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>
/// Takes tokens of one or several sequences through all layers of a model: what each remembers is its own, all else is
/// done for all rows together. Queries, keys, values and the narrowing projection take their inputs in 16 bit, the
/// others in 8: docs/runtime.md has what each costs in nats.
/// </summary>
internal sealed unsafe class LayerPass : IDisposable
{
    // Fewer vectors are computed faster by one thread than others can be told to help.
    private const int FewTokens = 8;

    private readonly DecoderConfig _config;
    private readonly ModelWeights _weights;
    private readonly MatrixProducts _products;
    private readonly PassBuffer _input;
    private readonly PassBuffer _queries;
    private readonly PassBuffer _keyValues;
    private readonly PassBuffer _mixed;
    private readonly PassBuffer _output;
    private readonly PassBuffer _gate;
    private readonly PassBuffer _up;

    /// <summary>Prepares for passes, one at a time.</summary>
    public LayerPass(DecoderConfig config, ModelWeights weights, MatrixProducts products)
    {
        (_config, _weights, _products) = (config, weights, products);
        (_queries, _keyValues) = (new PassBuffer(config.QueryRows), new PassBuffer(2 * config.KeyRows));
        (_input, _output) = (new PassBuffer(config.HiddenSize), new PassBuffer(config.HiddenSize));
        _mixed = new PassBuffer(config.QueryRows);
        (_gate, _up) = (new PassBuffer(config.IntermediateSize), new PassBuffer(config.IntermediateSize));
    }

    private PassBuffer[] Buffers => [_input, _queries, _keyValues, _mixed, _output, _gate, _up];

    private WorkerPool Pool => _products.Pool;

    /// <summary>Computes the states after the final norm.</summary>
    /// <param name="parts">The tokens, those of each sequence together.</param>
    /// <param name="states">Gets the states; has room for them.</param>
    /// <param name="turn">Does each layer when it may be done; null for all of them at once.</param>
    public void Run(ImmutableArray<PassPart> parts, PassBuffer states, Action<Action>? turn = null)
    {
        int count = parts.Sum(part => part.Ids.Length);
        Array.ForEach(Buffers, buffer => buffer.Reserve(count));
        int first = 0;
        foreach (PassPart part in parts)
        {
            part.First = first;
            first += part.Ids.Length;
            part.Try(Begin);
            part.Try(own => Embed(own, states));
        }

        turn ??= work => work();
        for (int layer = 0; layer < _weights.Layers.Length && parts.Any(part => !part.HasFailed); layer++)
        {
            int index = layer;
            turn(() => Run(index, parts, count, states));
        }

        Each(0, count, i => _weights.FinalNorm.Apply(states.At(i), states.At(i)));
    }

    /// <summary>Frees what only passes need.</summary>
    public void Release()
    {
        Array.ForEach(Buffers, buffer => buffer.Release());
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(Buffers, buffer => buffer.Dispose());

    private void Begin(PassPart part) => part.Attention.Begin(
        new AttentionRows(_queries, _keyValues, _mixed, part.First, part.Ids.Length), part.Start, part.Length);

    private void Embed(PassPart part, PassBuffer states)
    {
        var scale = (float)_config.EmbeddingScale;
        (int width, int before) = (_config.HiddenSize, part.First);
        Each(before, part.Ids.Length, i =>
        {
            _weights.Embedding.ReadRow(part.Ids[i - before], new Span<float>(states.At(i), width));
            if (scale != 1)
            {
                VectorMath.Scale(states.At(i), scale, width);
            }

            if (_weights.Positions is { } positions)
            {
                fixed (float* learned = &positions[(part.Start + i - before) * width])
                {
                    VectorMath.Add(states.At(i), learned, width);
                }
            }
        });
    }

    private void Run(int index, ImmutableArray<PassPart> parts, int count, PassBuffer states)
    {
        LayerWeights layer = _weights.Layers[index];
        Normalize(layer.AttentionNorm, count, states);
        Attend(index, layer, parts, count);
        _products.Multiply(_mixed.Start, count, layer.Output.Matrix, _output.Start, _output.Width, InputPrecision.Byte);
        if (_config.ParallelResidual)
        {
            Normalize(layer.MlpNorm, count, states);
            AddToStates(layer.Output, layer.AttentionPostNorm, count, states);
        }
        else
        {
            AddToStates(layer.Output, layer.AttentionPostNorm, count, states);
            Normalize(layer.MlpNorm, count, states);
        }

        RunGateAndUp(layer, count);
        _products.Multiply(_gate.Start, count, layer.Down.Matrix, _output.Start, _output.Width, InputPrecision.Word);
        AddToStates(layer.Down, layer.MlpPostNorm, count, states);
    }

    private void Attend(int index, LayerWeights layer, ImmutableArray<PassPart> parts, int count)
    {
        PackedMatrix keyValues = layer.KeyValueFactors?.First ?? layer.KeyValue.Matrix;
        _products.Multiply(
            _input.Start, count,
            [
                new MatrixProduct(layer.Query.Matrix, _queries.Start, _queries.Width),
                new MatrixProduct(keyValues, _keyValues.Start, _keyValues.Width),
            ],
            InputPrecision.Word);
        foreach (PassPart part in parts)
        {
            part.Try(own => own.Attention.Run(index, layer));
        }
    }

    private void Normalize(VectorNorm? norm, int count, PassBuffer states) => Each(0, count, i =>
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

    private void AddToStates(PackedLinear linear, VectorNorm? norm, int count, PassBuffer states) => Each(0, count, i =>
    {
        linear.AddBias(_output.At(i));
        norm?.Apply(_output.At(i), _output.At(i));
        VectorMath.Add(states.At(i), _output.At(i), _output.Width);
    });

    private void RunGateAndUp(LayerWeights layer, int count)
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

        Each(0, count, i =>
        {
            float* widened = layer.Gate is null ? _gate.At(i) : _up.At(i);
            layer.Up.AddBias(widened);
            layer.Gate?.AddBias(_gate.At(i));
            Nonlinearity.Apply(_config.Activation, _gate.At(i), layer.Gate is null ? null : widened, _gate.Width);
        });
    }

    private void Each(int from, int count, Action<int> action) => Pool.Run(count, FewTokens, (first, end) =>
    {
        for (int i = first; i < end; i++)
        {
            action(from + i);
        }
    });
}
