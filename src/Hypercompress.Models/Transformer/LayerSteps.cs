using System.Collections.Immutable;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// One layer of a pass without a cache, held in front of each group of slots that read the same input: query and
/// key/value; attention output; gate and up; down. What the steps before have made is not computed again when the
/// matrices of the next step are exchanged.
/// </summary>
public sealed class LayerSteps : IDisposable
{
    private readonly DecoderLayer _layer;
    private readonly Func<long, ForwardPass> _begin;
    private readonly Tensor _entered;
    private Tensor _stream;
    private int _step;

    // The states are copied by handle: the caller keeps its own.
    internal LayerSteps(DecoderLayer layer, Func<long, ForwardPass> begin, Tensor states)
    {
        (_layer, _begin) = (layer, begin);
        using var scope = NewDisposeScope();
        _entered = states.alias().DetachFromDisposeScope();
        _stream = states.alias().DetachFromDisposeScope();
        Input = layer.ReadForAttention(states).DetachFromDisposeScope();
    }

    /// <summary>The slots that read the input; none when the layer is done.</summary>
    public ImmutableArray<WeightSlot> Readers => IsDone ? [] : _layer.Readers[_step];

    /// <summary>
    /// The inputs of the slots of the next step, float32 [batch, tokens, columns]; owned by this object.
    /// </summary>
    public Tensor Input { get; private set; }

    /// <summary>
    /// The residual stream, float32 [batch, tokens, hidden], where the output of the next step is added to it as it is;
    /// null where it is not, or a norm is between. Owned by this object.
    /// </summary>
    public Tensor? Stream => _step switch
    {
        1 when _layer.AddsAttentionAsItIs => _stream,
        3 when _layer.AddsMlpAsItIs => _stream,
        _ => null,
    };

    /// <summary>Whether all steps were made; the input is then what leaves the layer.</summary>
    public bool IsDone => _step == 4;

    /// <summary>Applies the slots that read the input.</summary>
    /// <exception cref="InvalidOperationException">The layer is done.</exception>
    public void Advance()
    {
        using var scope = NewDisposeScope();
        switch (_step)
        {
            case 0:
                Enter(_layer.Mix(Input, _begin(Input.shape[1])));
                break;
            case 1:
                Join(_layer.AddAttention(_stream, Input, tap: null));
                Enter(_layer.ReadForMlp(_entered, _stream));
                break;
            case 2:
                Enter(_layer.Widen(Input, tap: null));
                break;
            case 3:
                Join(_layer.AddMlp(_stream, Input, tap: null));
                Enter(_stream.alias());
                break;
            default:
                throw new InvalidOperationException("the layer is done");
        }

        _step++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entered.Dispose();
        _stream.Dispose();
        Input.Dispose();
    }

    private void Enter(Tensor input)
    {
        Input.Dispose();
        Input = input.DetachFromDisposeScope();
    }

    private void Join(Tensor stream)
    {
        _stream.Dispose();
        _stream = stream.DetachFromDisposeScope();
    }
}
