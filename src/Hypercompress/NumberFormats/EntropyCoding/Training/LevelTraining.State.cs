using System.Runtime.InteropServices;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>The state of the training, to go on with in another process.</summary>
internal sealed partial class LevelTraining
{
    private const string Latents = "latents";
    private const string Saved = "saved";
    private const string Moments = "moments";
    private const string RowMagnitudes = "row_magnitudes";
    private const string ColumnMagnitudes = "column_magnitudes";
    private const string Numbers = "numbers";

    /// <inheritdoc/>
    internal override IReadOnlyDictionary<string, Tensor> State()
    {
        using var noGrad = no_grad();
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            [Latents] = _latents,
            [Numbers] = tensor(
                new[] { _price, _integral, _pressure, _gradientSize, _isClosed ? 1.0 : 0 }, ScalarType.Float64),
        };
        _moments.Keep(state, Moments);
        _grid.Keep(state);
        if (_saved is not null)
        {
            state.Add(Saved, _saved);
        }

        if (_coded != _classes)
        {
            state.Add(RowMagnitudes, CodeTensor(_coded.Scales.Parts.RowMagnitudes));
            state.Add(ColumnMagnitudes, CodeTensor(_coded.Scales.Parts.ColumnMagnitudes));
        }

        return state;
    }

    /// <inheritdoc/>
    internal override void GoOn(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _latents.copy_(state[Latents]);
        double[] numbers = state[Numbers].data<double>().ToArray();
        (_price, _integral, _pressure, _gradientSize) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        _isClosed = numbers[4] != 0;
        _moments.GoOn(state, Moments);
        _grid.GoOn(state);
        if (state.TryGetValue(Saved, out Tensor? saved))
        {
            _saved ??= empty_like(_latents, device: CPU).DetachFromDisposeScope();
            _saved.copy_(saved);
        }

        if (state.TryGetValue(RowMagnitudes, out Tensor? rows))
        {
            ScaleParts parts = _classes.Scales.Parts with
            {
                RowMagnitudes = CodesOf(rows),
                ColumnMagnitudes = CodesOf(state[ColumnMagnitudes]),
            };
            _coded = new LevelClasses(MatrixScales.WithClasses(parts, _unit), _latents.device);
        }

        Round();
    }

    private static Tensor CodeTensor(sbyte[] codes) => tensor(codes);

    private static sbyte[] CodesOf(Tensor codes) => MemoryMarshal.Cast<byte, sbyte>(codes.bytes).ToArray();
}
