using Hypercompress.NumberFormats.EntropyCoding.Streams;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>
/// The scales of rows or of columns while they train: log₂ of each, rounded to the steps of the file in the forward
/// pass.
/// </summary>
internal sealed class TrainedScales : IDisposable
{
    private readonly Tensor _logs;
    private readonly AdamMoments _moments;
    private readonly double _steps;
    private Tensor? _saved;
    private Tensor? _held;

    /// <summary>Starts at stored scales.</summary>
    /// <param name="codes">The scales.</param>
    /// <param name="codedBits">They are in 1 / (8 · 2^codedBits) octaves.</param>
    /// <param name="fineBits">From now on they are in 1 / (8 · 2^fineBits) octaves.</param>
    /// <param name="device">Where they train.</param>
    internal TrainedScales(ReadOnlySpan<sbyte> codes, int codedBits, int fineBits, Device device)
    {
        _steps = MatrixScales.ScaleSteps << fineBits;
        var logs = new float[codes.Length];
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = codes[i] / (float)(MatrixScales.ScaleSteps << codedBits);
        }

        _logs = tensor(logs, device: device).DetachFromDisposeScope();
        _moments = new AdamMoments(_logs);
    }

    /// <summary>The rounded scales, float32, in the caller's scope.</summary>
    internal Tensor Factors()
    {
        using var scope = NewDisposeScope();
        return Rounded().div_(_steps).exp2_().MoveToOuterDisposeScope();
    }

    /// <summary>The rounded scales as the file has them.</summary>
    internal sbyte[] Codes()
    {
        using var scope = NewDisposeScope();
        return Rounded().to(ScalarType.Int8).cpu().data<sbyte>().ToArray();
    }

    /// <summary>Moves the scales.</summary>
    /// <param name="gradient">Gradient of the logarithm of each.</param>
    /// <param name="rate">Share of a scale per step.</param>
    internal void Step(Tensor gradient, double rate)
    {
        _moments.Move(_logs, 0, gradient, _moments.Advance(rate / Math.Log(2)));
    }

    /// <summary>Remembers the scales.</summary>
    internal void Save()
    {
        _saved ??= _logs.clone().DetachFromDisposeScope();
        _saved.copy_(_logs);
    }

    /// <summary>Goes back to the remembered scales.</summary>
    internal void Restore()
    {
        _logs.copy_(_saved!);
        _moments.Reset();
    }

    /// <summary>Adds the scales to a state.</summary>
    internal void Keep(Dictionary<string, Tensor> state, string name)
    {
        state.Add(name, _logs);
        _moments.Keep(state, name);
        AddIf(state, $"{name}.saved", _saved);
        AddIf(state, $"{name}.held", _held);
    }

    /// <summary>Takes the scales from a state.</summary>
    internal void GoOn(IReadOnlyDictionary<string, Tensor> state, string name)
    {
        _logs.copy_(state[name]);
        _moments.GoOn(state, name);
        _saved = Take(state, $"{name}.saved", _saved);
        _held = Take(state, $"{name}.held", _held);
    }

    private static void AddIf(Dictionary<string, Tensor> state, string name, Tensor? value)
    {
        if (value is not null)
        {
            state.Add(name, value);
        }
    }

    private Tensor? Take(IReadOnlyDictionary<string, Tensor> state, string name, Tensor? place)
    {
        if (!state.TryGetValue(name, out Tensor? value))
        {
            return place;
        }

        Tensor taken = place ?? empty_like(_logs).DetachFromDisposeScope();
        taken.copy_(value);
        return taken;
    }

    /// <summary>Keeps the scales as they are, to retreat to.</summary>
    internal void Hold() => _held = _logs.clone().DetachFromDisposeScope();

    /// <summary>Moves the scales back to those that were held.</summary>
    /// <param name="share">Share of the way that they have come which stays.</param>
    internal void Retreat(double share)
    {
        using var scope = NewDisposeScope();
        _logs.copy_(_held! + ((_logs - _held!) * share));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _logs.Dispose();
        _moments.Dispose();
        _saved?.Dispose();
        _held?.Dispose();
    }

    private Tensor Rounded() => (_logs * _steps).round_().clamp_(sbyte.MinValue, sbyte.MaxValue);
}
